"""Who works for whom."""

import pytest
from django.contrib.auth.models import AnonymousUser
from i18nfield.strings import LazyI18nString

from commons.directory.models import Institution, Post
from commons.directory.rules import Role, holds, institutions_of, is_platform_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def department(education) -> Institution:
    return Institution.objects.create(
        code="school-education", name=LazyI18nString({"en": "Schools", "hi": "विद्यालय"}), parent=education
    )


def test_a_post_reaches_down_and_not_up(meera, arjun, education, department, health):
    Post.objects.filter(person=arjun).update(institution=department)

    assert set(institutions_of(meera)) == {education, department}
    assert set(institutions_of(arjun)) == {department}
    assert holds(meera, department, Role.AUTHOR)
    assert not holds(arjun, education, Role.APPROVER)
    assert not holds(meera, health, Role.AUTHOR)


def test_only_the_roles_asked_for_count(meera, arjun, education):
    assert holds(meera, education, Role.AUTHOR)
    assert not holds(meera, education, Role.APPROVER)
    assert holds(arjun, education, Role.APPROVER, Role.AUTHOR)
    assert set(institutions_of(meera, Role.MODERATOR)) == set()


def test_any_role_counts_when_none_is_named(education, asha):
    Post.objects.create(person=asha, role=Role.ANALYST, institution=education)

    assert set(institutions_of(asha)) == {education}


def test_citizens_and_strangers_work_nowhere(asha, education):
    assert set(institutions_of(asha)) == set()
    assert set(institutions_of(AnonymousUser())) == set()


def test_administrators_hold_every_role_everywhere(admin, education, department, health):
    assert set(institutions_of(admin, Role.APPROVER)) == {education, department, health}


def test_whoever_may_not_sign_in_holds_nothing(meera, admin, mod, education):
    for person in (meera, admin, mod):
        person.is_active = False
        person.save()

    assert [set(institutions_of(person)) for person in (meera, admin)] == [set(), set()]
    assert not is_platform_moderator(admin)
    assert not is_platform_moderator(mod)


def test_a_post_in_a_group_is_none_in_its_institution(asha, group, education):
    Post.objects.create(person=asha, role=Role.AUTHOR, group=group)

    assert not holds(asha, education, Role.AUTHOR)


def test_who_moderates_the_whole_platform(mod, admin, meera, asha, education):
    Post.objects.create(person=asha, role=Role.MODERATOR, institution=education)

    assert [is_platform_moderator(person) for person in (mod, admin, meera, asha, AnonymousUser())] == [
        True, True, False, False, False
    ]  # fmt: skip
