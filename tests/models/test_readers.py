"""What readers keep: once each, and gone with whom it belongs to."""

from winnow.models import FollowedTag, Mark, ReaderState


def test_a_voice_marks_an_item_once_in_each_way(refused, make_item):
    item = make_item(state="published")
    for voice, kind, is_refused in [
        ("a", "vote", False),
        ("a", "vote", True),
        ("b", "vote", False),
        ("a", "save", False),
        ("a", "love", True),
    ]:
        assert refused(lambda v=voice, k=kind: Mark.objects.create(item=item, kind=k, voice=v)) is is_refused


def test_a_vote_outlives_its_account(make_item, cast):
    mark = Mark.objects.create(item=make_item(state="published"), kind="vote", account=cast.reader, voice="a")
    FollowedTag.objects.create(account=cast.reader, tag_id="mlops")
    ReaderState.objects.create(account=cast.reader)
    cast.reader.delete()
    mark.refresh_from_db()
    assert (mark.account, FollowedTag.objects.count(), ReaderState.objects.count()) == (None, 0, 0)


def test_a_tag_is_followed_once(refused, tags, cast):
    assert [refused(lambda: FollowedTag.objects.create(account=cast.reader, tag=tags["mlops"])) for _ in range(2)] == [
        False,
        True,
    ]
