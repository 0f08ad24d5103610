"""Pictures enter a page as markup, and nothing that is written in them does."""

from django.template import Context, Template

from winnow.core.charts import SHARE, Axis, dot_chart
from winnow.core.values import Interval
from winnow.web.pictures import drawn


def test_a_picture_is_shown_and_its_words_are_text():
    svg = drawn(dot_chart("<b>Title</b>", [("<script>x</script>", Interval(0.5, 0.4, 0.6, 9))], Axis("share", SHARE)))
    shown = Template("{{ svg }}").render(Context({"svg": svg}))
    assert shown.startswith("<svg")
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
