"""`winnow labels`."""

import json


def test_out_and_in_again_over_the_command_line(demo, tmp_path):
    out = tmp_path / "labels.json"
    assert demo("labels", "export", "--format", "label-studio", "--out", out).status == 0
    n = len(json.loads(out.read_text()))
    assert n >= 600
    (done,) = demo("labels", "import", out, "--format", "label-studio", "--json").rows
    assert done == {"accepted": n, "refused": []}


def test_what_is_refused_is_named(demo, tmp_path):
    path = tmp_path / "l.jsonl"
    path.write_text('{"title": "Nobody knows it", "tag": "mlops"}\n')
    said = demo("labels", "import", path).out
    assert said.splitlines() == [
        "0 labels taken, 1 refused",
        f"  {path}:1: id: names no work that is held here, nor does its address",
    ]
    assert demo("labels", "export", "--format", "yaml").status == 1
