"""Spam by address: sites and endings; and the file of rules."""

from datetime import timedelta

import pytest

from winnow.core.errors import InputError
from winnow.ml.spam import SiteRule, load_spam_rules

from .conftest import DATA

RULE = SiteRule("x", "leads to x", ("bad.example", ".casino"))


@pytest.mark.parametrize(
    ("site", "fires"),
    [
        ("bad.example", True),
        ("www2.bad.example", True),
        ("lucky.casino", True),
        ("notbad.example", False),
        ("casino.example", False),
        ("casino", False),
    ],
)
def test_a_rule_knows_sites_what_is_below_them_and_endings(site, fires):
    assert RULE.fires(site) is fires


def test_the_starter_rules_name_each_reason():
    rules = load_spam_rules(DATA / "offtopic.toml")
    found = rules.judge_site("https://WIN.lucky.casino/deep-learning?x=1")
    assert (found.kind, found.reason) == ("spam", "the address leads to gambling (win.lucky.casino)")
    assert rules.judge_site("https://arxiv.org/abs/1706.03762") is None
    assert rules.judge_site("") is None
    assert (rules.velocity.limit, rules.velocity.within) == (60, timedelta(hours=1))
    assert rules.same_text.limit == 2


@pytest.mark.parametrize("text", ["", "spam_site = 3", "[[spam_site]]\nname = 'x'", "not toml ["])
def test_a_file_without_rules_is_refused_by_name(tmp_path, text):
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"rules\.toml"):
        load_spam_rules(path)
