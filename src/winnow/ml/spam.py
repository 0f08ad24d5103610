"""Rules against spam that look at where a work leads to and at who sends it; what its text sells is told by `offtopic`."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from winnow.core.errors import InputError
from winnow.core.urls import site_of
from winnow.ml.offtopic import OffTopicVerdict


@dataclass(frozen=True, slots=True)
class SiteRule:
    """Fires on a site that is one of `sites` or lies under it, or that ends in one of them, such as `.casino`."""

    name: str
    reason: str
    sites: tuple[str, ...]

    def fires(self, site: str) -> bool:
        """Whether the rule knows this host."""
        return any(site == one or site.endswith(one if one.startswith(".") else f".{one}") for one in self.sites)


@dataclass(frozen=True, slots=True)
class SenderRule:
    """Fires when more than `limit` of something happened `within` the last hours."""

    name: str
    reason: str
    limit: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class SpamRules:
    """`velocity` limits the works of one account, `same_text` the accounts that send one text with several addresses."""

    sites: tuple[SiteRule, ...]
    velocity: SenderRule
    same_text: SenderRule

    def judge_site(self, url: str) -> OffTopicVerdict | None:
        """Spam by where the address leads to, or None."""
        site = site_of(url) if url else ""
        fired = next((rule for rule in self.sites if site and rule.fires(site)), None)
        return OffTopicVerdict("spam", f"the address {fired.reason} ({site})", 1.0) if fired else None


def load_spam_rules(path: Path) -> SpamRules:
    """The rules in a TOML file. Raises InputError with the file and what is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        sites = tuple(SiteRule(one["name"], one["reason"], tuple(one["sites"])) for one in raw["spam_site"])
        senders = {
            one["name"]: SenderRule(one["name"], one["reason"], int(one["limit"]), timedelta(hours=float(one["hours"])))
            for one in raw["spam_sender"]
        }
        return SpamRules(sites, senders["velocity"], senders["same-text"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError.at(path, 0, "", f"no rules against spam can be read from it: {error!r}") from error
