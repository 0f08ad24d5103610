import shutil
from dataclasses import replace

import pytest

from winnow.core.errors import ArtifactError, InputError
from winnow.core.text import joined, words
from winnow.core.values import Document
from winnow.ml.offtopic import load_screen
from winnow.ml.offtopic_training import load_screen_recipe, read_job, train_screen

from .conftest import DATA


def test_the_job_holds_the_starter_material(small_data, encoder):
    job = read_job(small_data, encoder)
    assert (len(job.good), len(job.border), len(job.off_topic)) == (120, 30, 80)
    assert len(job.typical) > 20
    assert len(job.recipe.spam) >= 8
    assert {rule.tag for rule in job.recipe.spam} == {"spam"}


def test_training_twice_gives_the_same_bytes(small_data, encoder, tmp_path):
    job = read_job(small_data, encoder)
    first, second = train_screen(job, tmp_path / "a"), train_screen(job, tmp_path / "b")
    assert first == second
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_most_of_the_good_works_stay_and_some_of_the_rest_go(small_data, encoder, tmp_path):
    job = read_job(small_data, encoder)
    summary = train_screen(job, tmp_path / "s")
    screen = load_screen(tmp_path / "s")
    described = [doc for doc in job.off_topic if doc.description]
    # A title of three words or more also counts alone; the bare name of a tool tells nothing.
    alone = [doc for doc in job.off_topic if len(words(doc.title)) >= 3]
    assert summary.n_off_topic == len(described) + len(alone)
    assert len(alone) < 80
    assert summary.kept_off >= 0.3
    vectors = encoder.of(job.good)
    assert [screen.judge(doc, row).kind for doc, row in zip(job.good, vectors, strict=True)].count("on_topic") >= 117


def test_the_share_withheld_moves_the_thresholds(small_data, encoder, tmp_path):
    job = read_job(small_data, encoder)
    strict = replace(job, recipe=replace(job.recipe, withheld=0.2, withheld_bare=0.2))
    found = [train_screen(one, tmp_path / name) for one, name in ((job, "kind"), (strict, "strict"))]
    kind, strict_screen = load_screen(tmp_path / "kind"), load_screen(tmp_path / "strict")
    assert strict_screen.threshold_described < kind.threshold_described
    assert strict_screen.threshold_bare < kind.threshold_bare
    assert found[1].kept_off > found[0].kept_off


def test_works_train_without_their_description_too(small_data, encoder, tmp_path):
    """A word that stands in titles of off-topic texts alone counts where the title is all there is."""
    job = read_job(small_data, encoder)
    soups = [Document(f"Soup number {number}", "Stir it, salt it and serve it hot.") for number in range(12)]
    train_screen(replace(job, off_topic=[*job.off_topic, *soups]), tmp_path / "s")
    bare = Document("Soup")
    assert load_screen(tmp_path / "s").scorer.score(bare, encoder.encode([joined(bare)])[0]) > 0.7


def test_a_taken_folder_is_refused(small_data, encoder, tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "mine.txt").write_text("mine")
    with pytest.raises(ArtifactError, match="name a new or an empty folder"):
        train_screen(read_job(small_data, encoder), tmp_path / "s")


@pytest.mark.parametrize(
    "change", [("withheld = ", "kept = "), ("withheld_bare = ", "bare = "), ("[[spam]]", "[[ham]]"), ("[[", "[["[:1])]
)
def test_a_faulty_recipe_is_named(tmp_path, change):
    path = tmp_path / "offtopic.toml"
    path.write_text((DATA / "offtopic.toml").read_text().replace(*change))
    with pytest.raises(InputError, match=r"offtopic\.toml: no screen can be made from it"):
        load_screen_recipe(path)


def test_missing_or_faulty_texts_are_named(small_data, encoder):
    (small_data / "offtopic" / "not-ml.csv").write_text("id,text\n1,x\n")
    with pytest.raises(InputError, match=r"not-ml\.csv: no texts can be read"):
        read_job(small_data, encoder)
    shutil.rmtree(small_data / "offtopic")
    with pytest.raises(InputError, match=r"border-ml\.csv: no texts can be read"):
        read_job(small_data, encoder)


def test_no_spam_rule_fires_on_machine_learning(examples, unseen):
    rules = load_screen_recipe(DATA / "offtopic.toml").spam
    texts = [joined(one.document) for one in (*examples, *unseen)]
    assert [(rule.name, text) for rule in rules for text in texts if rule.fires(text)] == []


def test_progress_is_told(small_data, encoder, tmp_path):
    seen = []
    extra = [Document(f"fresh text {number}") for number in range(3)]
    job = replace(read_job(small_data, encoder, progress=lambda done, total: seen.append((done, total))), border=extra)
    train_screen(job, tmp_path / "s")
    assert seen[-1][0] == seen[-1][1] >= 3
