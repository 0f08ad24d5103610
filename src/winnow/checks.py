"""Checks of an installation, each with what is wrong and how to mend it."""

from typing import Any

import pysqlite3
from django.core.checks import CheckMessage, Error, Tags, register

from winnow.unsafe import unsafe

# The range in which two connections to one WAL database can corrupt it: https://sqlite.org/wal.html#walresetbug
_AFFECTED_FROM, _MENDED_IN = (3, 7, 0), (3, 51, 3)
_BACKPORTS = {(3, 44, 6), (3, 50, 7)}


# Not among the checks of a database: those run only where somebody names one, and this one asks no database.
@register(Tags.compatibility)
def check_sqlite(**_kwargs: Any) -> list[CheckMessage]:
    """The embedded database may not run on a SQLite that can corrupt it."""
    version = pysqlite3.dbapi2.sqlite_version_info
    if _AFFECTED_FROM <= version < _MENDED_IN and version not in _BACKPORTS:
        return [
            Error(
                f"SQLite {'.'.join(map(str, version))} can corrupt a database that two processes write.",
                hint="Install the pinned pysqlite3: run `make setup`.",
                id="winnow.E001",
            )
        ]
    return []


@register(Tags.security)
def check_configuration(**_kwargs: Any) -> list[CheckMessage]:
    """What `unsafe` refuses to start with."""
    return [Error(f"{found.setting}: {found.fault}", hint=found.remedy, id=found.id) for found in unsafe()]
