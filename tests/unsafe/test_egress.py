"""An unsafe way into the own network."""

import pytest


@pytest.mark.parametrize(
    ("number", "told", "fault"),
    [
        ("E010", {"EGRESS_ALLOW": "nonsense"}, "'nonsense' is neither"),
        ("E011", {"EGRESS_ALLOW": "192.0.0.0/3"}, "192.0.0.0/3 takes the guard"),
        ("E011", {"EGRESS_ALLOW": "fe80::/10"}, "fe80::/10 takes the guard"),
        ("E012", {"EGRESS_ALLOW": "169.254.0.0/16"}, "opens 169.254.169.254"),
        ("E012", {"EGRESS_ALLOW": "100.100.100.200:80"}, "opens 100.100.100.200"),
    ],
)
def test_o5_a_way_into_the_own_network_is_refused_by_name(refused, number, told, fault):
    ((found, said),) = refused(told)
    assert (found, fault in said) == (number, True)


@pytest.mark.parametrize("told", [{"EGRESS_ALLOW": "10.0.0.0/8, feeds.lan:8080, [::1]:8080"}], ids=str)
def test_what_is_safe_is_not(refused, told):
    assert refused(told) == []
