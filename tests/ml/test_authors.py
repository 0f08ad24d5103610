"""Bylines as sources write them."""

import pytest

from winnow.ml.authors import MOST, authors_of


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("Ada Lovelace", {"lovelace a"}),
        ("A. Lovelace, G. Hopper", {"lovelace a", "hopper g"}),
        ("Ada Lovelace; Grace Brewster Hopper", {"lovelace a", "hopper g"}),
        ("Ada Lovelace & Grace Hopper et al.", {"lovelace a", "hopper g"}),
        ("José Núñez (Univ. of Somewhere, Dept. 3)", {"nunez j"}),
        ("ADA LOVELACE AND GRACE HOPPER", {"lovelace a", "hopper g"}),
        ("Sandy Anderson", {"anderson s"}),
        ("throwaway42", set()),
        ("u/some_name", set()),
        ("", set()),
        (" , ;", set()),
    ],
)
def test_people_are_family_name_and_initial(byline, people):
    assert authors_of(byline) == people


def test_two_spellings_of_one_person_agree():
    assert authors_of("Y. LeCun") == authors_of("Yann LeCun")


def test_a_list_without_end_is_cut():
    names = ", ".join(f"Ann {chr(97 + n // 26)}{chr(97 + n % 26)}son" for n in range(200))
    assert len(authors_of(names)) <= MOST
