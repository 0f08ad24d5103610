"""What one account has selected for itself: works under the tags that it follows, and works that its searches find."""

from winnow.models import Account, FollowedTag, Item, PrivateFeed, SavedSearch
from winnow.queries.items import PER_PAGE, listed
from winnow.queries.search import matching_pks

SHOWN = (Item.State.PUBLISHED,)
PER_SEARCH = 2 * PER_PAGE


def saved_searches(account: Account) -> list[SavedSearch]:
    """The searches that an account keeps, newest first."""
    return list(SavedSearch.objects.filter(account=account).order_by("-pk"))


def private_feeds(account: Account) -> list[PrivateFeed]:
    """Its feeds whose addresses work, newest first."""
    return list(PrivateFeed.objects.filter(account=account, revoked_at=None).order_by("-pk"))


def selected_items(account: Account, *, limit: int = PER_PAGE) -> list[Item]:
    """The newest of what an account has selected, without what it hides."""
    tags = FollowedTag.objects.filter(account=account).values_list("tag")
    shown = Item.objects.filter(state=Item.State.PUBLISHED).exclude(marks__kind="hide", marks__account=account)
    pks = set(shown.filter(tag__in=tags).order_by("-dated_at", "-pk").values_list("pk", flat=True)[:limit])
    for search in saved_searches(account):
        pks.update(matching_pks(search.q, states=SHOWN, limit=PER_SEARCH) or ())
    return list(listed(shown.filter(pk__in=pks)).order_by("-dated_at", "-pk")[:limit])
