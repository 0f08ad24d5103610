"""Tags."""

from winnow.models import Tag


def test_a_slug_is_one_tag(refused, tags):
    assert refused(lambda: Tag.objects.create(slug="other", name="O", short="O", description="d", position=9))


def test_tags_come_in_the_order_of_the_list_and_not_of_their_names(tags):
    Tag.objects.filter(pk="other").update(position=0, name="Zzz")
    Tag.objects.exclude(pk="other").update(position=1)
    assert str(Tag.objects.first()) == "Zzz"


def test_a_place_in_the_list_is_never_below_nought(refused, tags):
    assert refused(lambda: Tag.objects.update(position=-1))
