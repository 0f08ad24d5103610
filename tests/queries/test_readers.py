"""What an account keeps as a reader."""

from winnow.core.readers import Reader
from winnow.models import FollowedTag, Item, Mark
from winnow.queries.readers import faces_of, reader_of


def test_who_kept_nothing_is_a_new_reader(cast):
    assert reader_of(cast.reader) == Reader()


def test_marks_are_of_the_account_alone_newest_first_in_three_queries(make_item, cast, tags, django_assert_num_queries):
    items = [make_item(state="published") for _ in range(3)]
    for item in items:
        for account in (cast.reader, cast.reviewer):
            Mark.objects.create(item=item, kind="save", account=account, voice=f"account:{account.pk}")
    Mark.objects.create(item=items[0], kind="hide", account=cast.reader, voice="v")
    FollowedTag.objects.create(account=cast.reviewer, tag=tags["mlops"])
    with django_assert_num_queries(3):
        reader = reader_of(cast.reader)
    assert reader == Reader(saved=tuple(item.pk for item in reversed(items)), hidden=(items[0].pk,))


def test_a_copy_is_found_at_its_face_and_what_is_gone_is_not_found(make_item):
    face, gone = make_item(state="published"), make_item(state="published")
    copy = make_item(state="duplicate", duplicate_of=face)
    Item.objects.filter(pk=gone.pk).update(state="removed")
    assert faces_of([gone.pk, copy.pk, face.pk, 10**9]) == {copy.pk: face.pk, face.pk: face.pk}
