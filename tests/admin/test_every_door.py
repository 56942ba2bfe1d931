"""An official of another ministry goes through every door of the admin: nothing leaks, nothing changes."""

import re

import pytest
from django.contrib import admin as django_admin

from commons.directory.scoped_admin import InstitutionScopedAdmin
from tests.admin.walk import Walk, doors, everything_stored, model_at
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(client_of, secrets, admin):
    return lambda person: Walk(client_of(person), secrets, client_of(admin))


def test_nothing_of_another_ministry_is_seen_or_changed_through_any_door(walk, dev):
    before = everything_stored()

    walked = walk(dev).read().write()

    assert walked.leaks() == []
    assert walked.odd == []
    assert everything_stored() == before


def test_the_same_walk_shows_everything_to_those_whose_it_is(walk, meera, secrets):
    walked = walk(meera).read()

    seen = " ".join(text for _where, text, _sent in walked.seen)
    assert [word for word in secrets.words if word not in seen] == []
    assert walked.odd == []


def test_the_walk_finds_the_leak_when_the_scope_is_off(walk, dev, monkeypatch):
    for page in {type(page) for page in django_admin.site._registry.values()}:
        if "within" in page.__dict__:
            monkeypatch.delattr(page, "within")
    monkeypatch.setattr(
        InstitutionScopedAdmin, "within", lambda self, request, *roles: self.model._default_manager.all()
    )
    before = everything_stored()

    walked = walk(dev).enter().write()

    assert len(walked.leaks()) > 100
    assert everything_stored() != before


@pytest.mark.parametrize("who", ["bilal", "mod", "clerk"])
def test_others_see_nothing_either(walk, who, request, secrets):
    somebody = person("clerk", is_staff=True) if who == "clerk" else request.getfixturevalue(who)
    before = everything_stored()

    walked = walk(somebody).enter().write()

    assert walked.leaks() == []
    assert walked.odd == []
    assert everything_stored() == before


def test_foreign_and_unknown_are_answered_alike(client_of, dev, secrets):
    client = client_of(dev)
    for route in doors():
        if "object_id" not in route or "content_type_id" in route:
            continue
        filled = re.sub(r"<(?!path:object_id)[^>]*>", "1", route)
        foreign = filled.replace("<path:object_id>", str(secrets.rows[model_at(route)][0].pk))
        unknown = filled.replace("<path:object_id>", "987654321")
        if model_at(route)._meta.model_name in {"region", "sector"}:
            continue
        for method in (client.get, client.post):
            one, other = method(foreign), method(unknown)
            assert (one.status_code, one.get("Location", "").replace(foreign, "")) == (
                other.status_code,
                other.get("Location", "").replace(unknown, ""),
            ), route


def test_every_admin_is_a_scoped_one():
    assert [
        str(page) for page in django_admin.site._registry.values() if not isinstance(page, InstitutionScopedAdmin)
    ] == []
