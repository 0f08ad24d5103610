"""Cards of models and data sets: documents about files in a state that their head names.

Sections follow Mitchell et al., "Model Cards for Model Reporting" (2019), and Gebru et al., "Datasheets for Datasets"
(2021); the head holds the metadata that the Hugging Face Hub reads.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from winnow.core.criteria.grammar import Call, CriterionError, read_call
from winnow.core.criteria.judge import Measured
from winnow.core.documents.markdown import FIGURE, Document

DESCRIBES = "describes"
HASH_LENGTH = 12
# What the Hub shows as results of a model.
_SHOWN = ("accuracy", "precision", "recall")

Sha256 = Callable[[Sequence[str]], str]


def stale(document: Document, sha256: Sha256) -> Iterator[tuple[int, str]]:
    """What is wrong with the state that a card names; `sha256` gives that of paths, "" where one is not there."""
    line, said = document.head.get(DESCRIBES, (0, None))
    if said is None:
        return
    *paths, named = said.split() or [""]
    if not paths:
        yield line, f"say what the card describes: `{DESCRIBES}: PATH ... HASH`, paths from the root of the product"
        return
    now = sha256(paths)[:HASH_LENGTH]
    if not now:
        yield line, f"what the card describes is not there: {' '.join(paths)}"
    elif now != named:
        says = f"what it describes is no longer `{named}`; read the card again, then write"
        yield line, f"the card is stale: {says} `{DESCRIBES}: {' '.join([*paths, now])}`"


def metadata(document: Document, of: Callable[[Call], Measured | None]) -> str:
    """The head of a document as it was written, and for a model the results that its text refers to; "" without one.

    Results stand as `model-index`: lines of YAML whose values are written as JSON, which YAML reads.
    """
    if not document.head:
        return ""
    lines = ["---", *(f"{key}: {value}".strip() for key, (_, value) in document.head.items())]
    results = [_result(call, measured) for call in _figures(document) if (measured := of(call))]
    if "pipeline_tag" in document.head and results:
        name = document.head.get("model_name", (0, ""))[1] or document.sections[0].title
        lines += ["model-index:", f"- name: {json.dumps(name)}", "  results:"]
        lines += [f"  - {json.dumps(result)}" for result in results]
    return "\n".join([*lines, "---", "", ""])


def _figures(document: Document) -> Iterator[Call]:
    """The shares that the text refers to, each once."""
    seen = set()
    for _, line in document.prose():
        for _, text in FIGURE.findall(line.text):
            try:
                call = read_call(text)
            except CriterionError:
                continue  # it stands among the faults
            if call.function in _SHOWN and str(call) not in seen:
                seen.add(str(call))
                yield call


def _result(call: Call, measured: Measured) -> dict[str, Any]:
    metric = {"type": call.function, "value": round(measured.value, 4), "name": f"{call}, n = {measured.n}"}
    dataset = {"name": call.arguments[0], "type": "other"}
    return {"task": {"type": "text-classification"}, "dataset": dataset, "metrics": [metric]}
