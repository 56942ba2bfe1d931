"""Following and no longer following, each harmless when repeated."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import BigIntegerField, Q, QuerySet

from commons.core.compiled import Compiled, Given
from commons.follows.models import Follow

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model

    from commons.people.models import User


KEYS = {"activity": "slug", "group": "slug", "institution": "code", "region": "pk", "sector": "slug"}


def follow(person: User, thing: Model) -> None:
    """Asked for by the person: also undoes "turned off"."""
    Follow.objects.update_or_create(person=person, **target(thing), defaults={"muted": False})


def unfollow(person: User, thing: Model) -> None:
    """Turned off by the person, and it stays off when they contribute again."""
    Follow.objects.update_or_create(person=person, **target(thing), defaults={"muted": True})


def follow_automatically(person: User, activity: Model) -> None:
    """Because they contributed; respects what they turned off."""
    Follow.objects.get_or_create(person=person, **target(activity))


def follows(person: User | AnonymousUser, thing: Model) -> bool:
    if not person.is_authenticated:
        return False
    name, _others = named(thing)
    return bool(FOLLOWED[name].rows(person=person.pk, thing=thing.pk))


def list_of(person: User) -> QuerySet[Follow]:
    """What a person follows and may see, with what is followed."""
    from commons.activities.models import Activity

    groups = apps.get_model("groups", "Group").objects.visible()
    seen = Q(group__in=groups) | Q(activity__in=Activity.objects.visible_to(person)) | Q(group=None, activity=None)
    return Follow.objects.filter(seen, person=person, muted=False).select_related(*Follow.TARGETS)


def key_of(thing: Any) -> str:
    """By what an address names it."""
    name, _others = named(thing)
    return str(getattr(thing, KEYS[name]))


def target(thing: Model) -> dict[str, Any]:
    """The one column of Follow that names this thing; a kind's activity is its Activity."""
    name, others = named(thing)
    return {f"{name}_id": thing.pk, **{f"{other}_id": None for other in others}}


def named(thing: Model) -> tuple[str, list[str]]:
    from commons.activities.models import Activity

    name = "activity" if isinstance(thing, Activity) else str(thing._meta.model_name)
    if name not in Follow.TARGETS:
        raise ValueError(f"nobody can follow a {name}")
    return name, [other for other in Follow.TARGETS if other != name]


def followed(name: str) -> QuerySet[Follow]:
    number = BigIntegerField()
    return Follow.objects.filter(
        person_id=Given("person", number), muted=False, **{f"{name}_id": Given("thing", number)}
    ).only("pk")


FOLLOWED = {name: Compiled(partial(followed, name)) for name in Follow.TARGETS}
