"""`winnow import`."""

HEADER = "id,created_on,title,description,tag,url\n"
ROWS = (
    "1,2020-02-20 06:43:18,Serving models,Batching on GPUs,mlops,https://example.org/1\n"
    "2,,Parsing of Czech,Trees for sentences,natural-language-processing,\n"
    "3,,Serving models,Batching on GPUs,mlops,https://example.org/1\n"
)


def test_all_rows_are_accepted_or_named(winnow, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(HEADER + ROWS)
    first, again = winnow("import", file, "--json"), winnow("import", file)
    assert first.rows == [
        {
            "accepted": 2,
            "refused": [{"line": 4, "field": "url", "reason": "here already: the same address https://example.org/1"}],
        }
    ]
    assert (again.status, again.out.splitlines()[-1]) == (0, "0 accepted, 3 left out.")
    assert again.out.splitlines()[0].startswith(f"{file}:2: url: here already")


def test_a_malformed_row_stops_the_whole_file_by_line(winnow, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(HEADER + ROWS + "4,,,no title,mlops,\n")
    done = winnow("import", file)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"winnow: {file}:5: title: ")
    assert [row["n_published"] for row in winnow("tags", "--json").rows] == [0, 0, 0, 0]
