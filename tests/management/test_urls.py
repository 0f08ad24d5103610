"""`winnow urls`."""


def test_each_address_is_answered_in_order(winnow):
    done = winnow("urls", "-", "--json", stdin="http://arxiv.org/pdf/1706.03762v5.pdf\n\njavascript:alert(1)\n")
    assert done.rows == [
        {
            "url": "http://arxiv.org/pdf/1706.03762v5.pdf",
            "canonical": "https://arxiv.org/abs/1706.03762",
            "keys": ["arxiv:1706.03762", "url:https://arxiv.org/abs/1706.03762"],
        },
        {"url": "javascript:alert(1)", "canonical": None, "keys": []},
    ]


def test_it_needs_no_home(winnow, tmp_path):
    file = tmp_path / "addresses.txt"
    file.write_text("https://example.org/a?utm_source=x\n")
    assert winnow("urls", file).out.splitlines()[1].strip() == "https://example.org/a"
    assert not (winnow.home / "winnow.sqlite3").exists()


def test_what_is_not_utf_8_is_said(winnow, tmp_path):
    file = tmp_path / "addresses.txt"
    file.write_bytes(b"\xff\xfe")
    done = winnow("urls", file)
    assert (done.status, "not UTF-8" in done.err) == (1, True)
