"""What an app says of itself when it is a kind of activity. Import the module, not the class, in an `apps.py`:
Django takes every AppConfig it finds by name there for one of the app's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.apps import AppConfig, apps

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


class Anchored(Protocol):
    """Something smaller than an activity that has a page, a name (`str`) and a conversation of its own."""

    language: str

    @property
    def takes_comments(self) -> bool: ...

    def get_absolute_url(self) -> str: ...


class Kind(AppConfig):
    """`kind_name` and `verb` are what cards call this kind of activity and what one does there (lazy texts)."""

    kind_name: object
    verb: object

    def anchored(self, user: User | AnonymousUser, activity_id: int, anchor: str) -> Anchored | None:
        """What comments hang on in an activity ("idea-12"); None when this person may not see it."""
        return None


def kind(label: str) -> Kind:
    """The kind of that name. Raises LookupError when there is none."""
    config = apps.get_app_config(label)
    if not isinstance(config, Kind):
        raise LookupError(f"{label} is not a kind of activity")
    return config
