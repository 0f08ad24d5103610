import pytest

from winnow.core.errors import InputError
from winnow.core.text import joined
from winnow.core.values import Document, Example, Interval
from winnow.ml.evaluate import evaluate
from winnow.ml.rules import Rule, RuleBook, RuleClassifier, load_rules, rule_from_json, rule_precision, rule_to_json
from winnow.ml.taxonomy import load_taxonomy

from .conftest import DATA, read_examples

CAT = Rule("cat", "animals", "names a cat", ("cat", "kitten*", "big cat"), none=("cat scan",))
DOG = Rule("dog", "animals", "names a dog", ("dog",))
CAR = Rule("car", "machines", "names a car", ("car",))


@pytest.mark.parametrize("text", ["A cat.", "CAT", "two kittens", "my kitten", "the big-cat house", "cat/dog"])
def test_rule_fires_on_whole_words_and_beginnings(text):
    assert CAT.fires(text)


@pytest.mark.parametrize("text", ["", "catalogue", "bobcat", "a cat scan of the cat", "kit"])
def test_rule_keeps_silent(text):
    assert not CAT.fires(text)


def test_a_book_finds_what_each_rule_finds(slugs):
    rules = load_rules(DATA / "rules.toml")
    gold = [example for slug in slugs for example in read_examples(DATA / "gold" / f"{slug}.csv")]
    texts = [joined(example.document) for example in gold]
    expected = [tuple(place for place, rule in enumerate(rules) if rule.fires(text)) for text in texts]
    assert RuleBook(rules).fired(texts) == expected
    assert len(set(expected)) > 50


def test_a_book_without_rules_finds_nothing():
    assert RuleBook(()).fired(["cat", ""]) == [(), ()]


def fitted(*rules):
    examples = [Example(Document("x"), "animals"), Example(Document("y"), "machines")]
    return RuleClassifier(rules).fit(examples, ("animals", "machines"))


def test_most_votes_win_and_the_reasons_are_those_of_the_rules():
    (answer,) = fitted(CAT, DOG, CAR).classify([Document("cat, dog and car")])
    assert answer.tag == "animals"
    assert answer.reasons == ("names a cat", "names a dog", "names a car")
    assert answer.probabilities == {"animals": pytest.approx(2.25 / 3.5), "machines": pytest.approx(1.25 / 3.5)}


def test_a_tie_and_silence_are_abstentions_and_never_a_tag():
    tie, silence = fitted(CAT, CAR).classify([Document("cat", "and car"), Document("nothing")])
    assert (tie.tag, silence.tag) == (None, None)
    assert tie.reasons == ("names a cat", "names a car")
    assert silence.probabilities == {"animals": 0.5, "machines": 0.5}


def test_rules_of_another_taxonomy_are_left_out():
    predictor = RuleClassifier((CAT, CAR)).fit([Example(Document("x"), "animals")], ("animals", "plants"))
    assert predictor.rules == (CAT,)


def test_without_rules_everything_is_an_abstention():
    assert [answer.tag for answer in fitted().classify([Document("cat"), Document("car")])] == [None, None]


def test_a_rule_survives_json():
    assert rule_from_json(rule_to_json(CAT)) == CAT


def test_precision_is_counted_over_the_examples_on_which_a_rule_fires():
    examples = [
        Example(Document("cat"), "animals"),
        Example(Document("a cat"), "machines"),
        Example(Document("dog"), "animals"),
    ]
    table = rule_precision([CAT, CAR], examples)
    assert table["cat"].value == 0.5
    assert table["cat"].n == 2
    assert table["car"] == Interval(0.0, 0.0, 1.0, 0)


def test_rules_are_read_with_their_tag(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text(
        '[[animals]]\nname = "cat"\nreason = "names a cat"\nany = ["cat", "kitten*", "big cat"]\nnone = ["cat scan"]\n'
    )
    assert load_rules(path) == (CAT,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[a]]\nreason = "r"\nany = ["x"]', "a.\\?.name: is missing"),
        ('[[a]]\nname = "n"\nreason = "r"\nany = []', "a.n.any: is missing or empty"),
        ('[[a]]\nname = "n"\nany = ["x"]', "a.n.reason: is missing"),
        ("[[a", "no rules can be read"),
    ],
)
def test_a_faulty_file_is_named_with_rule_and_field(tmp_path, text, fault):
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=rf"rules\.toml: .*{fault}"):
        load_rules(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml"):
        load_rules(tmp_path / "none.toml")


def test_the_starter_rules_are_more_often_right_than_not(slugs):
    """Each rule on the gold set, which was not looked at to write them."""
    rules = load_rules(DATA / "rules.toml")
    gold = [example for slug in slugs for example in read_examples(DATA / "gold" / f"{slug}.csv")]
    table = rule_precision(rules, gold)
    assert {rule.tag for rule in rules} == set(slugs)
    assert len(table) == len(rules)
    assert min(interval.value for interval in table.values()) >= 0.6
    assert min(interval.n for interval in table.values()) >= 5


def test_the_starter_rules_beat_chance_on_foreign_texts(shared_data, slugs):
    examples = read_examples(shared_data / "made-with-ml" / "dataset.csv")
    tags = load_taxonomy(DATA / "taxonomy.toml")
    predictor = RuleClassifier(load_rules(DATA / "rules.toml")).fit(examples, slugs)
    card = evaluate(predictor.classify([one.document for one in examples]), examples, slugs)
    assert (card.n, len(tags)) == (764, 4)
    assert card.overall["precision"] >= 0.93
    assert card.overall["recall"] >= 0.65
