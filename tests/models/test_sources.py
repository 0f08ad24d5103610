"""Sources."""

from winnow.models import Source


def add(name, address):
    return Source.objects.create(name=name, address=address, kind="feed")


def test_a_name_and_an_address_are_one_source(refused):
    add("a", "https://a.example/")
    assert refused(lambda: add("a", "https://b.example/"))
    assert refused(lambda: add("b", "https://a.example/"))
    assert not refused(lambda: add("b", "https://b.example/"))


def test_sources_come_by_name_and_are_called_by_their_title(db):
    add("b", "https://b.example/")
    add("a", "https://a.example/")
    assert [str(source) for source in Source.objects.all()] == ["a", "b"]
    assert str(Source(name="a", title="A feed")) == "A feed"
