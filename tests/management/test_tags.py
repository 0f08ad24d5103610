"""`winnow tags`."""


def test_each_tag_is_told_with_its_figures(demo):
    rows, lines = demo("tags", "--json").rows, demo("tags").out.splitlines()
    assert all(set(row) == {"slug", "name", "description", "n_published", "n_waiting"} for row in rows)
    assert sum(row["n_published"] for row in rows) >= 300
    for row, line in zip(rows, lines, strict=True):
        assert line.split()[:5] == [row["slug"], str(row["n_published"]), "published", str(row["n_waiting"]), "waiting"]
