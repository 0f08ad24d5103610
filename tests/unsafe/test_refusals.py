"""The list of what is refused as a whole."""

import re
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from winnow import unsafe

ROOT = Path(__file__).parents[2]


def test_a_process_does_not_start_and_names_all_that_is_wrong(settings):
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["*"]
    with pytest.raises(ImproperlyConfigured) as raised:
        unsafe.refuse_unsafe()
    assert re.findall(r"\((winnow\.\w+)\)", str(raised.value)) == ["winnow.E005", "winnow.E030"]


def test_the_doctor_hears_of_it_with_the_remedy(settings):
    settings.DEBUG = True
    ((found, remedy),) = [(message.id, message.hint) for message in run_checks()]
    assert (found, remedy.startswith("take it out")) == ("winnow.E030", True)


def test_each_is_tried_here_and_stands_in_the_reference():
    text = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    assert [id_ for id_ in sorted(unsafe.LOOKS) if f'"{id_.removeprefix("winnow.")}"' not in text] == []
    listed = re.findall(r"^\| `(winnow\.E\d+)` \|", (ROOT / "docs/reference/refusals.md").read_text(), re.MULTILINE)
    assert listed == ["winnow.E001", *sorted(unsafe.LOOKS)]
