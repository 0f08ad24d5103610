"""Configurations that no process starts with: each by name, with what is wrong and how to mend it.

What cannot even be read (a number that is none) is refused by `environment.py`; `docs/reference/refusals.md` lists both.
"""

from django.core.exceptions import ImproperlyConfigured

# Each enters its looks into the list.
from winnow.unsafe import database, egress, folders, mail, site, told  # noqa: F401
from winnow.unsafe.refusals import LOOKS, Refusal


def unsafe() -> list[Refusal]:
    """All that is unsafe in this configuration."""
    return [
        Refusal(id_, setting, fault, remedy)
        for id_, (setting, remedy, look) in sorted(LOOKS.items())
        for fault in look()
    ]


def refuse_unsafe() -> None:
    """Raises ImproperlyConfigured, naming everything, where anything is unsafe."""
    if found := unsafe():
        raise ImproperlyConfigured(". ".join(map(str, found)))
