"""`winnow screen`."""

ROWS = """id,created_on,title,description,url
a,2020-01-01,Attention Is All You Need,A network of attention alone for machine translation.,https://arxiv.org/abs/1706.03762
b,2020-01-01,,nothing,
c,soon,BERT,Bidirectional transformers.,
d,,Attention is all you need (v5),The transformer paper.,http://arxiv.org/pdf/1706.03762v5
e,,Lentil soup,Boil lentils and onions for an hour.,https://soup.example/1
f,,Lentil soup again,Lentils.,https://soup.example/1?utm_source=x
"""


def test_verdicts_in_order_on_an_empty_store(winnow, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    rows = winnow("screen", file, "--json").rows
    assert [(row["id"], row["verdict"], row["duplicate_of"]) for row in rows] == [
        ("a", "accepted", None),
        ("b", "invalid", None),
        ("c", "invalid", None),
        ("d", "duplicate", "a"),
        ("e", "off_topic", None),
        ("f", "duplicate", "e"),
    ]
    assert all(set(row) == {"id", "verdict", "duplicate_of", "reason"} for row in rows)


def test_against_the_store_it_knows_what_is_held_and_stores_nothing(winnow, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(
        "id,title,description,tag,url\n1,Attention Is All You Need,A network of attention alone.,mlops,https://arxiv.org/abs/1706.03762\n"
    )
    winnow("import", file)
    assert winnow("screen", file, "--json").rows[0]["verdict"] == "accepted"
    for _ in range(2):
        row = winnow("screen", file, "--against-store", "--json").rows[0]
        assert (row["verdict"], row["duplicate_of"]) == ("duplicate", 1)
