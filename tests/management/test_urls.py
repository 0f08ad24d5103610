"""`winnow urls`."""

from tests import databases


def test_each_address_is_answered_in_order(bare):
    done = bare("urls", "-", "--json", stdin="http://arxiv.org/pdf/1706.03762v5.pdf\n\njavascript:alert(1)\n")
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
    assert databases.is_untouched(winnow.home)


def test_what_is_not_utf_8_is_said_with_its_line(bare, tmp_path):
    file = tmp_path / "addresses.txt"
    file.write_bytes(b"https://a.example/\n\xff\xfe\n")
    done = bare("urls", file)
    assert (done.status, done.out) == (1, "")
    assert done.err == f"winnow: {file}:2: is not UTF-8; save the file as UTF-8\n"


def test_marks_and_line_ends_of_other_systems_are_no_part_of_an_address(bare):
    done = bare("urls", "-", "--json", stdin="\ufeffhttps://a.example/x\r\nhttps://a.example/\u2028y\r\n")
    assert [row["url"] for row in done.rows] == ["https://a.example/x", "https://a.example/\u2028y"]
