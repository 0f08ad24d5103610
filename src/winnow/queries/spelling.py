"""Known words near to one that nothing holds."""

from collections.abc import Collection, Sequence

from django.db.models import Max

from winnow.core.slips import codes_of, is_slip
from winnow.models import SearchSlip, SearchWord

MAX_NEAR = 2


def known_words(words: Collection[str]) -> set[str]:
    """Those of these words that any work has held."""
    return set(SearchWord.objects.filter(word__in=words).values_list("word", flat=True))


def is_beginning(letters: str) -> bool:
    """Whether any known word begins so."""
    return SearchWord.objects.filter(word__gte=letters, word__lt=f"{letters}\U0010fffe").exists()


def near_words(word: str) -> Sequence[str]:
    """The MAX_NEAR commonest known words one slip away."""
    codes = codes_of(word)
    if not codes:
        return []
    found = SearchSlip.objects.filter(code__in=codes).values("word").annotate(n=Max("word__n"))
    near = [(row["n"], row["word"]) for row in found if is_slip(word, row["word"])]
    return [known for _, known in sorted(near, reverse=True)[:MAX_NEAR]]
