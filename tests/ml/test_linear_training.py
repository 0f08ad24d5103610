import numpy as np
import pytest

from winnow.core.values import Document, Example
from winnow.ml.features import Features
from winnow.ml.fitting import fit_tfidf
from winnow.ml.linear_training import LinearClassifier, feature_matrix
from winnow.ml.rules import Rule

RULES = (Rule("cat", "animals", "names a cat", ("cat",)), Rule("oak", "plants", "names an oak", ("oak",)))
TEXTS = {
    "animals": ["cat sleeps", "dog barks", "cat eats fish"],
    "machines": ["car drives", "engine runs", "car stops"],
}
EXAMPLES = [Example(Document(text), tag) for tag, texts in TEXTS.items() for text in texts]
TAGS = ("machines", "animals")
VECTORS = np.array([[1, 0], [0.9, 0.1], [0.8, 0], [0, 1], [0.1, 1], [0, 0.9]], dtype=np.float32)


@pytest.mark.parametrize("features", [("encoder",), ("tfidf",), ("encoder", "rules"), ("encoder", "rules", "tfidf")])
def test_what_was_learned_is_answered(features):
    predictor = LinearClassifier(features, c=10.0, rules=RULES).fit(EXAMPLES, TAGS, VECTORS)
    answers = predictor.classify([example.document for example in EXAMPLES], VECTORS)
    assert [answer.tag for answer in answers] == [example.tag for example in EXAMPLES]
    assert predictor.needs_encoder == ("encoder" in features)


def test_only_rules_of_the_tags_become_features():
    predictor = LinearClassifier(("rules", "tfidf"), c=1.0, rules=RULES).fit(EXAMPLES, TAGS)
    assert predictor.features.rules == (RULES[0],)
    assert LinearClassifier(("tfidf",), c=1.0, rules=RULES).fit(EXAMPLES, TAGS).features.rules == ()


def test_a_scale_is_as_if_the_features_had_been_scaled():
    scaled = LinearClassifier(("encoder", "tfidf"), c=1.0, tfidf_scale=2.0).fit(EXAMPLES, TAGS, VECTORS)
    plain = LinearClassifier(("encoder", "tfidf"), c=1.0).fit(EXAMPLES, TAGS, VECTORS)
    weights = [np.abs(one.head.coef[2:]).sum() / np.abs(one.head.coef[:2]).sum() for one in (scaled, plain)]
    assert weights[0] > 2 * weights[1]


def test_weights_of_examples_count():
    doubted = [*EXAMPLES, Example(Document("cat sleeps"), "machines", weight=0.01)]
    believed = [*EXAMPLES, Example(Document("cat sleeps"), "machines", weight=50.0)]
    tags = [
        LinearClassifier(("tfidf",), c=10.0).fit(rows, TAGS).classify([Document("cat sleeps")])[0].tag
        for rows in (doubted, believed)
    ]
    assert tags == ["animals", "machines"]


@pytest.mark.parametrize("vectors", [None, VECTORS[:3]])
def test_missing_vectors_are_refused(vectors):
    with pytest.raises(ValueError, match="6 examples need as many vectors"):
        LinearClassifier(("encoder",), c=1.0).fit(EXAMPLES, TAGS, vectors)


def test_matrix_holds_what_serving_sees():
    documents = [example.document for example in EXAMPLES]
    features = Features(2, RULES, fit_tfidf([doc.title for doc in documents]))
    matrix = feature_matrix(features, documents, VECTORS).toarray()
    assert matrix.shape == (6, features.size)
    for row, doc in enumerate(documents):
        alone = features.of_texts([doc])
        expected = np.zeros(features.size)
        expected[:2], expected[alone.columns] = VECTORS[row], alone.values
        assert np.array_equal(matrix[row], expected)
