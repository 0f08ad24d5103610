"""The list is data: another file with other tags works everywhere."""

import pytest

from winnow.core.errors import InputError
from winnow.core.values import Candidate
from winnow.models import Event, Item, Tag
from winnow.services.admit import admit, prepare
from winnow.services.classify import classify_admitted
from winnow.services.deploy import version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.guidelines import guideline_of
from winnow.services.import_rows import import_file
from winnow.services.taxonomy import apply_taxonomy, approved_list
from winnow.services.train import train_model

SEVEN = {
    "speech": ("recognising spoken {} digits", "synthesising a {} voice", "wake words of a {} speaker"),
    "vision": ("segmenting {} images", "detecting {} in photographs", "video tracking of {} objects"),
    "language": ("translating {} sentences", "parsing {} text", "summarising {} documents"),
    "graphs": ("node embeddings of {} networks", "link prediction in {} graphs", "graph convolutions on {} molecules"),
    "series": ("forecasting {} demand", "change points of {} series", "anomalies in {} sensors"),
    "control": ("reinforcement learning of {} robots", "policies for {} games", "bandits for {} choices"),
    "tables": ("boosted trees on {} tables", "features of {} columns", "credit scores of {} customers"),
}
WORDS = (
    "river",
    "market",
    "violin",
    "harbour",
    "meadow",
    "engine",
    "orchard",
    "tunnel",
    "glacier",
    "kitchen",
    "castle",
    "forest",
)


@pytest.fixture
def seven_tags(tmp_path, db):
    path = tmp_path / "taxonomy.toml"
    path.write_text(
        "".join(
            f'[[tags]]\nslug = "{slug}"\nname = "{slug.title()}"\nshort = "{slug}"\ndescription = "About {slug}."\n'
            f'typical = ["{texts[0].format("any")}", "{texts[1].format("some")}"]\n'
            for slug, texts in SEVEN.items()
        )
    )
    return apply_taxonomy(path)


def test_seven_other_tags_from_file_to_page(seven_tags, tmp_path, client, let_serve):
    rows = [(text.format(word), slug) for slug, texts in SEVEN.items() for text in texts for word in WORDS]
    path = tmp_path / "gold.csv"
    path.write_text(
        "id,title,description,tag\n"
        + "".join(f"{n},{t.capitalize()},We study {t} at length,{s}\n" for n, (t, s) in enumerate(rows))
    )
    assert import_file(path).accepted == len(rows)
    freeze_dataset()
    let_serve(version_of(train_model("best").model), role="champion", reason="seven tags")
    admit(
        prepare(
            [Candidate("1", "Translating Basque sentences", "We study translating sentences.", "https://example.org/1")]
        )[0]
    )
    classify_admitted()
    item = Item.objects.get(url="https://example.org/1")
    assert (item.likely_tag_id, set(item.predictions.get().probabilities)) == ("language", set(SEVEN))
    page = client.get("/tags").content.decode()
    assert [slug for slug in SEVEN if f"/t/{slug}" not in page] == []
    assert client.get("/t/graphs").status_code == 200


def test_applying_twice_changes_nothing(tags, settings):
    apply_taxonomy(settings.TAXONOMY)
    assert Event.objects.filter(kind="taxonomy.applied").count() == 1
    assert Tag.objects.count() == 4


def test_a_tag_that_leaves_the_list_is_retired_with_its_items(tags, make_item, tmp_path):
    item = make_item(state="published", tag="other")
    path = tmp_path / "two.toml"
    path.write_text(
        "".join(f'[[tags]]\nslug = "{s}"\nname = "N"\nshort = "N"\ndescription = "d"\n' for s in ("mlops", "new"))
    )
    apply_taxonomy(path)
    assert [tag.slug for tag in approved_list()] == ["mlops", "new"]
    item.refresh_from_db()
    assert (item.tag_id, Tag.objects.get(pk="other").is_approved) == ("other", False)


def test_a_bad_file_changes_nothing(tags, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text('[[tags]]\nslug = "one"\n')
    with pytest.raises(InputError, match=r"bad\.toml"):
        apply_taxonomy(path)
    assert [tag.slug for tag in approved_list()] == list(tags)


def test_the_list_survives_the_rows(tags, settings):
    from winnow.ml.taxonomy import load_taxonomy

    assert approved_list() == load_taxonomy(settings.TAXONOMY)


def test_a_guideline_that_says_something_else_is_a_new_version_and_a_new_name_is_none(db, tmp_path):
    path = tmp_path / "taxonomy.toml"

    def bring(name, belongs):
        path.write_text(
            f'[[tags]]\nslug = "sound"\nname = "{name}"\nshort = "s"\ndescription = "Sound."\nbelongs = "{belongs}"\n'
            'typical = ["a voice", "a song"]\n'
            '[[tags]]\nslug = "sight"\nname = "Sight"\nshort = "v"\ndescription = "Sight."\ntypical = ["an image", "a film"]\n'
        )
        return apply_taxonomy(path)

    bring("Sound", "Speech.")
    bring("Noise", "Speech.")
    sound, sight = Tag.objects.get(slug="sound"), Tag.objects.get(slug="sight")
    assert guideline_of(sound).version == 1
    bring("Noise", "Speech and music.")
    assert (guideline_of(sound).version, guideline_of(sound).text["belongs"]) == (2, "Speech and music.")
    assert guideline_of(sight).version == 1
    assert list(sound.guidelines.values_list("text__belongs", flat=True)) == ["Speech.", "Speech and music."]
    assert [event.data for event in Event.objects.filter(kind="guideline.changed")] == [{"tag": "sound", "version": 2}]
