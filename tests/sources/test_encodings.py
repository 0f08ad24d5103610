"""Encodings that are read and those that are not."""

import pytest

from winnow.sources.encodings import codec_named, is_refused


@pytest.mark.parametrize(("name", "codec"), [("UTF8", "utf-8"), ("Latin-1", "iso8859-1"), ("no-such", ""), ("", "")])
def test_an_encoding_has_one_name(name, codec):
    assert codec_named(name) == codec


@pytest.mark.parametrize(
    "name", ["UTF7", "utf_7", "Punycode", "IDNA", "unicode_escape", "RAW-unicode-escape", "undefined"]
)
def test_what_is_a_disguise_or_dear_is_refused_under_each_of_its_names(name):
    assert is_refused(name) is (codec_named(name) != "")


@pytest.mark.parametrize("name", ["utf-8", "utf-16", "iso-8859-15", "shift_jis", "gb18030", "no-such"])
def test_what_pages_are_written_in_is_read(name):
    assert not is_refused(name)
