"""What was read at addresses that people are about to submit."""

import hashlib

from winnow.core.urls import canonical_url
from winnow.models import LookUp


def key_of(url: str) -> str:
    """Under what an address is looked up; empty where it is none."""
    canonical = canonical_url(url)
    return hashlib.sha256(canonical.encode()).hexdigest() if canonical else ""


def look_up_of(url: str) -> LookUp | None:
    """What was read at an address, or is about to be."""
    return LookUp.objects.filter(key=key_of(url)).first()
