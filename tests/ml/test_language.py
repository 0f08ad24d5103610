"""A guess at the language of a title."""

import pytest

from winnow.ml.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Attention is all you need for the translation of texts", "en"),
        ("Wie man mit dem Netz die Daten der anderen und nicht die eigenen lernt", "de"),
        ("Comment entraîner un réseau avec les données des autres dans une journée", "fr"),
        ("Cómo entrenar las redes con los datos de una empresa para el futuro", "es"),
        ("Come addestrare una rete con i dati della scuola nella notte", "it"),
        ("Como treinar uma rede com os dados das escolas em São Paulo", "pt"),
        ("Hoe wij een netwerk met het materiaal van anderen trainen", "nl"),
        ("Обучение нейронных сетей", "cyrillic"),
        ("深度学习综述", "cjk"),
        ("YOLOv4", "unknown"),
        ("1706.03762", "unknown"),
        ("", "unknown"),
    ],
)
def test_small_words_and_scripts_tell(text, language):
    assert language_of(text) == language


def test_real_items_are_english(shared_data):
    import csv

    with (shared_data / "made-with-ml" / "dataset.csv").open(encoding="utf-8") as stream:
        languages = [language_of(f"{row['title']} {row['description']}") for row in csv.DictReader(stream)]
    assert languages.count("en") > 0.9 * len(languages)
    assert sum(language not in ("en", "unknown") for language in languages) < 0.02 * len(languages)
