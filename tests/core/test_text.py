"""The one text that training and serving see."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core import text
from winnow.core.values import Document


def test_clean_strips_controls_bidi_and_zero_width():
    assert text.clean("a\x00b\u202ec\u200bd\ufeff e\tf\n g") == "abcd e f g"


def test_clean_keeps_joiners_between_letters_of_scripts_that_need_them():
    assert text.clean("می\u200cخواهم") == "می\u200cخواهم"


def test_clean_drops_joiners_beside_plain_letters():
    assert text.clean("pay\u200dpal \u200c!") == "paypal !"


def test_clean_bounds_combining_marks():
    assert text.clean("Z" + "\u0335" * 10_000) == "Z" + "\u0335" * text.MAX_MARKS


def test_clean_composes_to_nfc():
    assert text.clean("Cafe\u0301") == "Café"


def test_clean_drops_lone_surrogates():
    assert text.clean("a\ud800b") == "ab"


def test_clean_cuts_on_a_grapheme_edge():
    family = "👩\u200d👩\u200d👧"
    assert text.clean("ab" + family, 4) == "ab"
    assert text.clean("x" + "e\u0323\u0302\u0335", 2) == "x"


@pytest.mark.parametrize(
    ("text_in", "limit", "kept"),
    [
        ("ab🇩🇪🇫🇷", 5, "ab🇩🇪"),
        ("a🇩🇪🇫🇷", 4, "a🇩🇪"),
        ("क\u093f", 1, ""),
        ("x1\ufe0f\u20e3", 2, "x"),
        ("ok👍🏽", 3, "ok"),
    ],
)
def test_x7_flags_vowel_signs_keycaps_and_skins_stay_whole(text_in, limit, kept):
    assert text.truncate(text_in, limit) == kept


@pytest.mark.parametrize(
    "blank", ["\u3164", "\u115f\u1160", "\uffa0", "\u034f", "\u200b\u2060\ufeff", "\ufffe\uffff", "\u180b"]
)
def test_x8_what_looks_empty_is_empty(blank):
    assert text.clean(f" {blank} ") == ""


def test_x8_every_bidi_control_goes():
    assert (
        text.clean("".join(f"a{chr(c)}" for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C))) == "a" * 10
    )


def test_clean_of_a_huge_title_is_bounded():
    assert len(text.clean("word " * 1_000_000, text.MAX_TITLE)) <= text.MAX_TITLE


@given(st.text(max_size=60), st.integers(min_value=1, max_value=40))
def test_clean_is_idempotent_and_bounded(raw, limit):
    once = text.clean(raw, limit)
    assert text.clean(once, limit) == once
    assert len(once) <= limit
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet="ae\u0301\u0323\u200c\u200d\u200b\u0600ب 👩🏽\ufe0f", max_size=30))
def test_clean_is_idempotent_on_marks_and_joiners(raw):
    assert text.clean(text.clean(raw)) == text.clean(raw)


@given(st.text(st.characters(codec="ascii"), max_size=60), st.integers(1, 40))
def test_plain_text_is_cleaned_as_all_others_are(raw, limit):
    raw = raw[: limit * 5]
    assert text.clean(raw, limit) == text.clean("\u200b" + raw, limit)


def test_document_cleans_both_fields():
    assert text.document(" A\x00 ", "b\n\nc") == Document("A", "b c")


def test_joined_has_no_dangling_stop_without_description():
    assert text.joined(Document("BERT")) == "BERT"
    assert text.joined(Document("BERT", "Pretraining")) == "BERT. Pretraining"


def test_words_of_several_scripts():
    assert text.words("Größe, 深層学習 & état_de") == ["größe", "深層学習", "état", "de"]


def test_fingerprint_ignores_case_punctuation_and_accents():
    assert text.fingerprint("Attention is ALL you need!") == text.fingerprint("attention: is all you néed")


def test_fingerprint_tells_other_words_apart():
    assert text.fingerprint("attention is all you need") != text.fingerprint("attention is all we need")
