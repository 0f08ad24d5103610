"""Django's SQLite, that notices when its file is gone or another.

A process that keeps a connection would go on writing into a file without a name, and lose all of it in the end; one that
connects anew would make an empty database in silence. Here the first is found before each request or job, and the second
is refused: only the first connection of a process may make the file.
"""

from pathlib import Path
from sqlite3 import Connection
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

Place = tuple[int, int]
# Files that this process has had open.
_known: set[str] = set()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows which file it was opened on."""

    _opened: Place | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """Connect. Raises OperationalError where a file that was there is gone."""
        name = str(self.settings_dict["NAME"])
        if name in _known and _place(name) is None:
            raise OperationalError(f"the file of the database is gone: {name}; stop, and restore the newest backup")
        made: Connection = super().get_new_connection(conn_params)
        _known.add(name)
        self._opened = _place(name)
        return made

    def close_if_unusable_or_obsolete(self) -> None:
        """Before and after each request and job: let go of a file that is not there any more under its name."""
        super().close_if_unusable_or_obsolete()
        if self.connection is not None and not self.in_atomic_block and self._is_elsewhere():
            self.close()

    def _is_elsewhere(self) -> bool:
        return self._opened is not None and _place(str(self.settings_dict["NAME"])) != self._opened


def _place(name: str) -> Place | None:
    """Device and number of a file; None where there is none."""
    try:
        found = Path(name).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
