"""Institutions are a tree; what lies under one is found by one query."""

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError
from i18nfield.strings import LazyI18nString

from commons.directory.models import Institution

pytestmark = pytest.mark.django_db


def institution(code: str, parent: Institution | None = None) -> Institution:
    return Institution.objects.create(code=code, name=LazyI18nString({"en": code, "hi": code}), parent=parent)


@pytest.fixture
def tree() -> dict[str, Institution]:
    made = {"ministry": institution("ministry"), "other": institution("other")}
    made["department"] = institution("department", made["ministry"])
    made["second"] = institution("second", made["ministry"])
    made["office"] = institution("office", made["department"])
    return made


def codes(*roots: Institution) -> set[str]:
    return set(Institution.objects.under([root.pk for root in roots]).values_list("code", flat=True))


def test_under_is_the_thing_itself_and_all_below(tree):
    assert codes(tree["ministry"]) == {"ministry", "department", "second", "office"}
    assert codes(tree["department"]) == {"department", "office"}
    assert codes(tree["office"]) == {"office"}


def test_under_several_is_their_union(tree):
    assert codes(tree["office"], tree["other"]) == {"office", "other"}
    assert codes(tree["ministry"], tree["office"]) == {"ministry", "department", "second", "office"}


def test_under_nothing_is_nothing(tree):
    assert codes() == set()
    assert set(Institution.objects.under([0])) == set()


def test_under_is_one_query_however_deep(tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        codes(tree["ministry"])
    parent = tree["office"]
    for number in range(5):
        parent = institution(f"deeper-{number}", parent)
    with django_assert_num_queries(1):
        assert len(codes(tree["ministry"])) == 9


def test_under_can_be_filtered_further(tree):
    assert set(Institution.objects.under([tree["ministry"].pk]).filter(children=None)) == {
        tree["second"], tree["office"]
    }  # fmt: skip


def test_a_circle_ends(tree):
    """Nobody should make one; a page must not hang when somebody did."""
    Institution.objects.filter(pk=tree["ministry"].pk).update(parent=tree["office"])

    assert codes(tree["department"]) == {"ministry", "department", "second", "office"}


def test_a_code_is_used_once(tree):
    with pytest.raises(IntegrityError, match="code"):
        institution("office")


def test_what_has_children_stays(tree):
    with pytest.raises(ProtectedError):
        tree["ministry"].delete()
