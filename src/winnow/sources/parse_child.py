"""The process in which one feed is parsed: limits first, hostile input second. Started by `parse`, never imported by it."""

import json
import resource
import sys
from typing import Any

from winnow.core.errors import FetchError
from winnow.sources.json_feed import read_json_feed
from winnow.sources.xml_feed import read_xml_feed

CPU_SECONDS = 2
# This process starts with less than 128 MiB of address space; the rest is for the feed.
ADDRESS_SPACE = (512 + 128) * 1024 * 1024


def main() -> None:
    """Read the question (a line of JSON, then the body) from standard input; answer with JSON on standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    question, _, body = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.write(json.dumps(_answer(body, **json.loads(question))))


def _answer(body: bytes, content_type: str, address: str) -> dict[str, Any]:
    try:
        if body.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"["):
            return read_json_feed(body, address)
        return read_xml_feed(body, content_type, address)
    except FetchError as error:
        return {"error": error.code, "message": str(error)}
    except (MemoryError, RecursionError):
        return {"error": "too_complex", "message": "the feed needs too much memory"}
