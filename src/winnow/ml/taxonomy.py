"""Read the list of approved tags with their guidelines."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from winnow.core.errors import InputError
from winnow.core.values import HardCase, Tag

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# The required texts, and how long each may be: chips, lists and columns are made for that.
_REQUIRED = {"slug": 60, "name": 80, "short": 30, "description": 300}


def load_taxonomy(path: Path) -> tuple[Tag, ...]:
    """The tags of a TOML file in their order. Raises InputError with file, tag and field."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.at(path, 0, "", f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.at(path, 0, "", f"is no TOML: {error}") from error
    tables = raw.get("tags")
    if not isinstance(tables, list) or len(tables) < 2:
        raise InputError.at(path, 0, "tags", "needs at least two [[tags]]")
    tags = tuple(_tag(path, number, table) for number, table in enumerate(tables, start=1))
    _check_slugs(path, tags)
    return tags


def _tag(path: Path, number: int, table: Mapping[str, Any]) -> Tag:
    slug = table.get("slug", f"tag {number}")
    for field, limit in _REQUIRED.items():
        if not isinstance(table.get(field), str) or not table[field].strip():
            raise InputError.at(path, 0, f"{slug}: {field}", "is missing or empty")
        if len(table[field].strip()) > limit:
            raise InputError.at(path, 0, f"{slug}: {field}", f"is longer than {limit} characters")
    if not _SLUG.fullmatch(slug):
        raise InputError.at(path, 0, f"{slug}: slug", "has to be lower-case letters, digits and single hyphens")
    return Tag(
        **{field: table[field].strip() for field in _REQUIRED},
        belongs=_text(path, slug, table, "belongs"),
        excludes=_text(path, slug, table, "excludes"),
        hard=tuple(_hard_case(path, slug, case) for case in table.get("hard", ())),
        typical=tuple(_typical(path, slug, table)),
    )


def _text(path: Path, slug: str, table: Mapping[str, Any], field: str) -> str:
    text = table.get(field, "")
    if not isinstance(text, str):
        raise InputError.at(path, 0, f"{slug}: {field}", "has to be a text")
    return text.strip()


def _hard_case(path: Path, slug: str, case: Any) -> HardCase:
    if not isinstance(case, dict) or not all(isinstance(case.get(key), str) for key in ("case", "answer", "why")):
        raise InputError.at(path, 0, f"{slug}: hard", "each needs the texts case, answer and why")
    return HardCase(case["case"], case["answer"], case["why"])


def _typical(path: Path, slug: str, table: Mapping[str, Any]) -> list[str]:
    typical = table.get("typical", [])
    if not isinstance(typical, list) or not all(isinstance(text, str) and text.strip() for text in typical):
        raise InputError.at(path, 0, f"{slug}: typical", "has to be a list of texts")
    return [text.strip() for text in typical]


def _check_slugs(path: Path, tags: tuple[Tag, ...]) -> None:
    slugs = [tag.slug for tag in tags]
    for tag in tags:
        if slugs.count(tag.slug) > 1:
            raise InputError.at(path, 0, f"{tag.slug}: slug", "stands twice")
        for case in tag.hard:
            if case.answer not in slugs:
                raise InputError.at(path, 0, f"{tag.slug}: hard", f"the answer {case.answer!r} is no slug of the list")
