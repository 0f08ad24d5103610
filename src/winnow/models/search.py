"""What the search looks things up in. `search_index.py` makes the full-text index over it."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from winnow.models.accounts import Account
from winnow.models.items import Item


class WordsField(models.Field):  # type: ignore[type-arg]  # takes no parameters at run time
    """Words in their order: text with blanks on SQLite, a `tsvector` with their places on PostgreSQL."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: ARG002 - Django's signature
    ) -> Any:
        """The words as the database reads them."""
        if isinstance(value, str):
            return value
        return _tsvector(value) if connection.vendor == "postgresql" else " ".join(value)


def _tsvector(words: Sequence[str]) -> str:
    """The words as PostgreSQL writes them: each once, quoted, with its places."""
    places: dict[str, list[str]] = {}
    for at, word in enumerate(words, 1):
        places.setdefault(word, []).append(str(at))
    quoted = ((word.replace("\\", "\\\\").replace("'", "''"), at) for word, at in places.items())
    return " ".join(f"'{word}':{','.join(at)}" for word, at in quoted)


class SearchEntry(models.Model):
    """An Item as the search knows it: its words and marks, and what facets count. Made again where `version` is old.

    Its words go to the word list once (`is_counted`).
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    tag = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10, blank=True)
    version = models.PositiveSmallIntegerField(default=0)
    is_counted = models.BooleanField(default=False)
    # Last, so that what facets count is read without it.
    words = WordsField()

    class Meta:
        indexes = [
            # All that a search reads of an entry, so that ten thousand of them are no ten thousand pages.
            models.Index(fields=["item", "tag", "source_id", "kind"], name="search_entry_facets"),
            models.Index(fields=["version", "item"], name="search_entry_version"),
            models.Index(fields=["item"], condition=models.Q(is_counted=False), name="search_entry_uncounted"),
        ]


class SearchWord(models.Model):
    """A word that titles and descriptions hold, and in how many works it came in; it counts up only.

    `is_listed` where its SearchSlips are there.
    """

    word = models.CharField(max_length=40, primary_key=True)
    n = models.BigIntegerField(default=0)
    is_listed = models.BooleanField(default=False)


class SearchSlip(models.Model):
    """A known word by what is left of it without one letter, so that words one slip apart meet (`core/slips.py`)."""

    code = models.BigIntegerField()
    word = models.ForeignKey(SearchWord, on_delete=models.CASCADE, related_name="slips", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["code", "word"], name="search_slip_code")]


class SavedSearch(models.Model):
    """A query that an account wants to come back to; it is a feed as well."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_searches")
    q = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "q"], name="saved_search_once")]

    def __str__(self) -> str:
        return self.q


class PrivateFeed(models.Model):
    """The address of a feed of one's own: these tags and one's saved searches. Whoever knows it may read; a hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="private_feeds")
    code_sha256 = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    tags = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
