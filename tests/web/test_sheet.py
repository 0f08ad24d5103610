"""The style sheet as a whole."""

import re
from collections import Counter
from pathlib import Path

SHEET = Path(__file__).parents[2] / "src" / "winnow" / "static" / "winnow" / "site.css"


def test_no_class_is_given_the_same_property_in_two_places():
    """Two that were named alike would each spoil the other: lists once looked like code."""
    sheet = re.sub(r"/\*.*?\*/|@[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", SHEET.read_text(), flags=re.DOTALL)
    given = Counter(
        (selector.strip(), line.partition(":")[0].strip())
        for selectors, block in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
        for selector in selectors.split(",")
        if re.fullmatch(r"\.[\w-]+", selector.strip())
        for line in block.split(";")
        if ":" in line
    )
    assert (len(given) > 100, [twice for twice, n in given.items() if n > 1]) == (True, [])
