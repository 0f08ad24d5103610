"""The peer of `classify_http.py`: words and a logistic regression of scikit-learn behind FastAPI, as one would write it."""

import csv
from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


class Document(BaseModel):
    """A work."""

    title: str
    description: str = ""


class Documents(BaseModel):
    """What is asked."""

    items: list[Document]


app = FastAPI()
_rows = []
for _file in sorted((Path(__file__).parents[1] / "data" / "gold").glob("*.csv")):
    with _file.open(newline="") as _lines:
        _rows += list(csv.DictReader(_lines))
_model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(max_iter=1000))
_model.fit([f"{row['title']}. {row['description']}" for row in _rows], [row["tag"] for row in _rows])


@app.post("/api/v1/classify")
def classify(asked: Documents) -> dict[str, list[dict[str, object]]]:
    """A tag, its probability and all probabilities for each."""
    probabilities = _model.predict_proba([f"{one.title}. {one.description}" for one in asked.items])
    return {
        "items": [
            {
                "tag": str(_model.classes_[row.argmax()]),
                "confidence": float(row.max()),
                "probabilities": {str(tag): float(p) for tag, p in zip(_model.classes_, row, strict=True)},
            }
            for row in probabilities
        ]
    }
