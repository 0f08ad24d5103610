"""The off-topic screen of this installation: trained once from the starter material, shared by homes, loaded once a process."""

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings

from winnow.core.values import Document
from winnow.home import DATA
from winnow.ml.offtopic import OffTopicScreen, OffTopicVerdict, ensure_screen
from winnow.services.encode import Vectors, encoder


@lru_cache(maxsize=1)
def screen() -> OffTopicScreen:
    """The screen for this encoder and this starter material; made in the cache folder where it is missing."""
    return ensure_screen(DATA, settings.CACHE, encoder())


def judge_topics(documents: Sequence[Document], vectors: Vectors) -> list[OffTopicVerdict]:
    """Whether each Document is machine learning, spam, or something else."""
    return screen().judge_all(documents, vectors)
