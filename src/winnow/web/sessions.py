"""Sessions in the database under a hash of their key: who reads the table, or a copy of it, holds nobody's cookie."""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

# The column of Django's table; 160 bits.
LENGTH = 40


class SessionStore(db.SessionStore):
    """Django's store, which would keep the very value of the cookie."""

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        return super().exists(stored(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """Remove the session of this key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored(key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of this session."""
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, under no key, where there is none that lives."""
        key = self.session_key
        rows = self.model.objects.filter(expire_date__gt=timezone.now())
        row = rows.filter(session_key=stored(key)).first() if key else None
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.session_data)


def stored(session_key: str) -> str:
    """What stands in the table in place of a key, which is random enough for a plain hash."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:LENGTH]
