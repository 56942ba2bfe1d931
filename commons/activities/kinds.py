"""What an app says of itself when it is a kind of activity. Import the module, not the class, in an `apps.py`:
Django takes every AppConfig it finds by name there for one of the app's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.apps import AppConfig, apps

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.activities.models import Activity
    from commons.people.models import User


class Anchored(Protocol):
    """Something smaller than an activity that has a page, a name (`str`) and a conversation of its own."""

    language: str

    @property
    def takes_comments(self) -> bool: ...

    def get_absolute_url(self) -> str: ...


class Kind(AppConfig):
    """`kind_name` and `verb` are what cards call this kind of activity and what one does there (lazy texts).

    `commenters_take_part` is False where taking part is another act than speaking, which the kind's own app counts.
    `secret` is True where officials must not see who took part: they find no lines of it in the ledger.
    """

    kind_name: object
    verb: object
    commenters_take_part = True
    secret = False

    def anchored(self, user: User | AnonymousUser, activity_id: int, anchor: str) -> Anchored | None:
        """What comments hang on in an activity ("idea-12"); None when this person may not see it."""
        return None

    def lacking(self, activity: Activity) -> dict[str, list[str]]:
        """What this kind's own part of a draft still lacks, by field, in words for its author."""
        return {}

    def label_of(self, field: str) -> str:
        """What the public change log calls a field, in the reader's language."""
        from commons.activities.models.activity import label_of

        return label_of(field)

    def check_answered(self, activity: Activity) -> None:
        """Raises ValidationError when this kind owes something else before an outcome may be published."""


def kind(label: str) -> Kind:
    """The kind of that name. Raises LookupError when there is none."""
    config = apps.get_app_config(label)
    if not isinstance(config, Kind):
        raise LookupError(f"{label} is not a kind of activity")
    return config


def kinds() -> list[Kind]:
    """Every kind that is installed."""
    return [config for config in apps.get_app_configs() if isinstance(config, Kind)]


def secret_kinds() -> list[str]:
    return [config.label for config in kinds() if config.secret]
