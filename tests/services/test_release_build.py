"""Builds of a release, made of the shop of test_release."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from tests.services.test_release import fill, make_shop

from winnow.core.documents.markdown import read_document
from winnow.core.errors import ConflictError, InputError
from winnow.core.tree import tree_sha256
from winnow.services.release import TEMPLATES, check_release
from winnow.services.release_build import build_release, compare_builds, verify_build
from winnow.services.release_text import timeline_picture

pytestmark = pytest.mark.django_db
FOREIGN = '<script>alert(1)</script> #import "@preview/x:1.0.0" ]] [img](http://example.org/x) $x$ #panic("x")'


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "shop").mkdir()
    return make_shop(tmp_path / "shop")


@pytest.fixture
def built(shop, tmp_path):
    needs = shop / "first" / "product-requirements.md"
    text = f"{FOREIGN} [Plan](project-plan.md#team) [code](../../model.py)"
    needs.write_text(needs.read_text().replace("Words.", text, 1))
    build_release(check_release("first", project=shop), tmp_path / "built")
    return tmp_path / "built"


def test_a_build_holds_site_pdf_markdown_and_manifest(built):
    names = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    documents = {"Overview", "canvas", "design", "product-requirements", "project-plan"}
    assert {f"{name}.html" for name in documents} | {f"markdown/{name}.md" for name in documents} <= names
    assert {"index.html", "first.pdf", "style.css", "manifest.json", "files/model.py"} <= names
    assert (built / "first.pdf").read_bytes().startswith(b"%PDF")
    assert "97.0 % (94.8 to 98.4 %, n = 400)" in (built / "product-requirements.html").read_text()
    plan = (built / "project-plan.html").read_text()
    assert "Not done: 4 of 6 criteria are met" in plan
    assert "<svg" in plan


def test_no_link_is_broken_and_foreign_text_is_inert(built):
    for page in built.glob("*.html"):
        text = page.read_text()
        assert "<script" not in text
        for target in re.findall(r'(?:href|src)="([^"]+)"', text):
            is_elsewhere = target.startswith(("http", "#"))
            assert is_elsewhere or (built / target.partition("#")[0]).exists(), (page.name, target)


def write_card(shop):
    """The card of the shop's model, in the state that it is in."""
    template = (TEMPLATES / "cards" / "model-card.md").read_text()
    head = f"describes: model.py {tree_sha256(shop.parent, ['model.py'])[:12]}"
    card = template.replace("describes:", head, 1).replace("model_name:", "model_name: shoes", 1)
    (shop / "first" / "model-card.md").write_text(card)
    fill(shop / "first" / "model-card.md")
    text = (shop / "first" / "model-card.md").read_text()
    (shop / "first" / "model-card.md").write_text(text.replace("Words.", "{{accuracy(holdout)}}", 1))


def test_a_card_is_built_with_metadata_and_a_stale_one_stops_the_build(shop, tmp_path):
    write_card(shop)
    build_release(check_release("first", project=shop), tmp_path / "built")
    head = (tmp_path / "built" / "markdown" / "model-card.md").read_text().split("---")[1]
    (model,) = yaml.safe_load(head)["model-index"]
    assert model["results"][0]["metrics"][0]["value"] == 0.97
    assert "97.0 %" in (tmp_path / "built" / "model-card.html").read_text()
    (shop.parent / "model.py").write_text("answer = 'boot'\n")
    with pytest.raises(InputError, match=r"model-card.md:2: the card is stale"):
        build_release(check_release("first", project=shop), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_the_same_release_gives_the_same_bytes(shop, tmp_path):
    for name in ("a", "b"):
        build_release(check_release("first", project=shop), tmp_path / name)
    assert (tmp_path / "a" / "manifest.json").read_bytes() == (tmp_path / "b" / "manifest.json").read_bytes()


def test_a_build_verifies_until_something_is_changed(built):
    assert verify_build(built) == []
    (built / "design.html").write_text("nicer")
    (built / "more.html").write_text("more")
    (built / "first.pdf").unlink()
    manifest = json.loads((built / "manifest.json").read_text())
    manifest["criteria"][0]["status"] = "met"
    (built / "manifest.json").write_text(json.dumps(manifest))
    said = "\n".join(verify_build(built))
    assert all(words in said for words in ("has been changed", "does not name it", "is missing", "evidence says"))
    with pytest.raises(InputError, match="no build"):
        verify_build(built / "markdown")


def test_faults_stop_a_build_and_states_do_not(shop, tmp_path):
    (shop.parent / "model.py").write_text("answer = 'boot'\n")
    needs = shop / "first" / "product-requirements.md"
    with pytest.raises(InputError, match="stale"):
        build_release(check_release("first", project=shop), tmp_path / "built")
    needs.write_text(needs.read_text().replace("{{accuracy", "{{past accuracy"))
    manifest = build_release(check_release("first", project=shop), tmp_path / "built")
    assert "expired" in {row["status"] for row in manifest["criteria"]}
    assert "measured on code" in (tmp_path / "built" / "product-requirements.html").read_text()
    with pytest.raises(ConflictError, match="no build"):
        build_release(check_release("first", project=shop), shop)


def test_two_builds_are_compared(shop, built, tmp_path):
    plan = shop / "first" / "project-plan.md"
    plan.write_text(plan.read_text().replace("< 100 ms", "< 10 ms"))
    shutil.rmtree(shop / "evidence")
    build_release(check_release("first", project=shop), tmp_path / "later")
    found = compare_builds(built, tmp_path / "later")
    assert found.added == ["latency_p99(answer) < 10 ms"]
    assert found.dropped == ["latency_p99(answer) < 100 ms"]
    assert found.broken == ['test("tests/test_model.py")']
    assert "signed(owner)" in found.kept


def test_what_is_not_finished_is_drawn_to_the_last_real_day_and_never_to_a_planned_one():
    text = "# Plan\n\n## Timeline\n\n| what | environment | planned from | planned to | real from | real to |\n|---|---|---|---|---|---|\n"
    open_end = read_document(Path("plan.md"), text + "| a | dev | 2026-01-01 | 2026-12-31 | 2026-01-01 |  |\n")
    ended = read_document(Path("plan.md"), text + "| a | dev | 2026-01-01 | 2026-12-31 | 2026-01-01 | 2026-01-01 |\n")
    assert timeline_picture(open_end) == timeline_picture(ended)
    assert timeline_picture(open_end, today=date(2026, 6, 1)) != timeline_picture(ended)
