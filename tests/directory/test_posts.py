"""What the database refuses: a post twice, in two places, or anywhere but for a moderator."""

import pytest
from django.db import IntegrityError, transaction

from commons.directory.models import Post, Region

pytestmark = pytest.mark.django_db
ROLES = list(Post.Role.values)


def refused(name: str, **fields: object) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Post.objects.create(**fields)


@pytest.mark.parametrize("role", ROLES)
def test_a_post_is_held_once(asha, education, role):
    Post.objects.create(person=asha, role=role, institution=education)

    refused("post_once", person=asha, role=role, institution=education)


def test_a_post_of_the_whole_platform_is_held_once(asha):
    Post.objects.create(person=asha, role=Post.Role.MODERATOR)

    refused("post_once", person=asha, role=Post.Role.MODERATOR)


def test_one_person_may_hold_several_posts(asha, education, health):
    for place in (education, health):
        for role in ROLES:
            Post.objects.create(person=asha, role=role, institution=place)

    assert asha.posts.count() == 8


def test_a_post_is_in_one_place(asha, education, group):
    refused("post_one_place", person=asha, role=Post.Role.AUTHOR, institution=education, group=group)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "moderator"])
def test_only_moderators_work_everywhere(asha, role):
    refused("post_only_moderators_everywhere", person=asha, role=role)


def test_a_post_may_belong_to_a_group(asha, group):
    assert str(Post.objects.create(person=asha, role=Post.Role.AUTHOR, group=group)) == "Asha · Author · Better schools"


def test_roles_are_found_by_name(meera, arjun, education):
    assert [post.person for post in Post.objects.with_role(Post.Role.APPROVER)] == [arjun]
    assert {post.person for post in Post.objects.with_role(Post.Role.APPROVER, Post.Role.AUTHOR)} == {meera, arjun}


@pytest.mark.parametrize(
    "fields",
    [
        {"level": "district", "lgd_code": 1},
        {"level": "state", "lgd_code": 2, "parent": True},
    ],
)
def test_a_district_lies_in_a_state_and_a_state_in_nothing(fields):
    above = Region.objects.create(level="state", lgd_code=1, name="Somewhere")
    fields = {**fields, **({"parent": above} if fields.get("parent") else {})}

    with pytest.raises(IntegrityError, match="region_district_has_state"), transaction.atomic():
        Region.objects.create(name="Anywhere", **fields)


def test_states_and_districts_count_separately_and_each_code_once():
    state = Region.objects.create(level="state", lgd_code=10, name="A")
    Region.objects.create(level="district", lgd_code=10, name="B", parent=state)

    with pytest.raises(IntegrityError, match="region_lgd_code_once"), transaction.atomic():
        Region.objects.create(level="state", lgd_code=10, name="C")
