"""`winnow release`."""

import json


def test_from_new_to_verify(winnow, tmp_path):
    project = str(tmp_path / "project")
    assert winnow("release", "new", "one", "--project", project).status == 0
    again = winnow("release", "new", "one", "--project", project)
    assert (again.status, "nothing was written" in again.err) == (1, True)
    checked = winnow("release", "check", "one", "--project", project, "--json")
    assert (checked.status, "is empty" in checked.err) == (1, True)
    assert winnow("release", "build", "one", "--project", project, "--out", str(tmp_path / "out")).status == 1
    assert not (tmp_path / "out").exists()
    # In the same home, since making one takes longer than all else: this product's own release.
    out = str(tmp_path / "built")
    built = winnow("release", "build", "release-1", "--out", out, "--json")
    assert built.status == 0
    rows = [json.loads(line) for line in built.out.splitlines()]
    assert len(rows) >= 25
    assert {"text", "status", "evidence"} <= set(rows[0])
    assert winnow("release", "verify", out).status == 0
    assert json.loads(winnow("release", "compare", out, out, "--json").out)["broken"] == []
    (tmp_path / "built" / "index.html").write_text("nicer")
    assert winnow("release", "verify", out).status == 1


def test_signing_takes_an_account_in_its_own_role(winnow, tmp_path):
    project = str(tmp_path / "project")
    winnow("release", "new", "one", "--project", project)
    nobody = winnow("release", "sign", "one", "--person", "ada", "--project", project)
    assert (nobody.status, "ada" in nobody.err) == (1, True)
    winnow("invite", "engineer", "--name", "ada")
    other = winnow("release", "sign", "one", "--person", "ada", "--as", "owner", "--project", project)
    assert (other.status, "ada is engineer here" in other.err) == (1, True)
    done = winnow("release", "sign", "one", "--person", "ada", "--comment", "read", "--project", project)
    assert (done.status, "Signed as engineer" in done.out) == (0, True)
    assert "engineer ada" in (tmp_path / "project" / "one" / "signatures.md").read_text()
