"""What is held on the platform."""

import pytest

from winnow.core.values import Candidate
from winnow.models import ItemBlock
from winnow.services.admit import admit, prepare
from winnow.services.holders import MAX_NEIGHBOURS, PER_BLOCK, Platform, family_names, work_of

TEXT = "We train a network that tells mosses apart, and compare it with three baselines on photographs of old walls."


def admitted(n, title, url="", description=TEXT, **fields):
    candidate = Candidate(str(n), title, description, url, **fields)
    return admit(prepare([candidate], screens_topic=False)[0]).item


def screened(title, url="", description=TEXT):
    return prepare([Candidate("new", title, description, url)], screens_topic=False)[0]


@pytest.fixture
def face(tags):
    return admitted(1, "Telling mosses apart", "https://arxiv.org/abs/2399.04417")


def test_a_name_leads_to_its_bearer(face):
    found = Platform().holders(["arxiv:2399.04417", "arxiv:2399.00000"])
    assert {key: holder.id for key, holder in found.items()} == {"arxiv:2399.04417": face.pk}


def test_the_names_of_a_copy_lead_to_its_face_and_stay_its_own(face):
    copy = admitted(2, "Telling mosses apart", "https://mossnotes.example/7")
    key = "url:https://mossnotes.example/7"
    assert (copy.duplicate_of, copy.keys.get().key) == (face, key)
    assert Platform().holders([key])[key].id == face.pk
    assert key in family_names([face])[face.pk]


def test_what_shares_a_block_is_found_with_all_that_the_scorer_reads(face):
    work = screened("Telling Mosses Apart (2399)")
    (holder,) = Platform().neighbours(work.blocks)
    assert (holder.id, holder.work.keys >= {"arxiv:2399.04417"}) == (face.pk, True)
    assert holder.work.vector is not None
    assert list(Platform().neighbours(work.blocks, beside=[face.pk])) == []
    assert list(Platform().neighbours(())) == []


def test_a_vector_of_another_encoder_says_nothing(face):
    face.encoder_sha256 = "0" * 64
    assert work_of(face, ()).vector is None


def test_a_block_that_many_bear_is_bounded(make_item):
    for _ in range(PER_BLOCK + MAX_NEIGHBOURS):
        ItemBlock.objects.create(item=make_item(), block=7)
    holders = Platform().neighbours([7])
    assert len(holders) == min(PER_BLOCK, MAX_NEIGHBOURS)
    assert holders[0].id == max(holder.id for holder in holders)


def test_looking_costs_few_queries(face, django_assert_max_num_queries):
    work = screened("Telling mosses apart")
    with django_assert_max_num_queries(5):
        Platform().holders(work.keys)
        Platform().neighbours(work.blocks)
