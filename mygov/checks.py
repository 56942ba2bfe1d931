"""What production refuses: the demo's secret, DEBUG, any host, and accounts whose password everybody knows."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

CAST = [f"{name}@example.org" for name in ("asha", "bilal", "meera", "arjun", "dev", "mod", "admin")]


def unsafe_settings() -> list[Error]:
    """Empty in the demo, which is meant to be open."""
    if settings.DEMO:
        return []
    found = []
    if settings.DEBUG:
        found.append(Error("MYGOV_DEBUG is on.", hint="Unset it.", id="portal.E001"))
    if settings.SECRET_KEY == settings.DEMO_SECRET or len(settings.SECRET_KEY) < 50:
        found.append(
            Error("MYGOV_SECRET_KEY is the demo's or too short.", hint="Use 50 random signs.", id="portal.E002")
        )
    origin = urlsplit(settings.ATTACHMENTS_ORIGIN)
    if not set(settings.ALLOWED_HOSTS) - {origin.hostname} or "*" in settings.ALLOWED_HOSTS:
        found.append(Error("MYGOV_HOSTS must name the portal's hosts.", id="portal.E003"))
    if settings.ATTACHMENTS_ORIGIN and (
        origin.scheme not in {"http", "https"}
        or not origin.hostname
        or origin.path
        or origin.hostname == urlsplit(settings.SITE_URL).hostname
    ):
        hint = "Use https:// and a host on which nothing else is served, without a path."
        found.append(Error("MYGOV_ATTACHMENTS_ORIGIN is not the address of another host.", hint=hint, id="portal.E005"))
    return found


def attachments() -> list[Warning]:
    """What people attach is safer when it is scanned, and served from a host of its own."""
    found = []
    if not settings.DEMO and not settings.ATTACHMENTS_ORIGIN:
        hint = "Set MYGOV_ATTACHMENTS_ORIGIN to a host on another domain (docs/operations.md)."
        found.append(
            Warning(
                "What people attach to responses is served from the portal's own host.", hint=hint, id="portal.W001"
            )
        )
    if not settings.DEMO and not settings.SCANNER:
        hint = "Set MYGOV_SCANNER to where clamd listens (docs/operations.md)."
        found.append(Warning("What people attach to responses is not scanned.", hint=hint, id="portal.W002"))
    return found


def demo_accounts() -> list[Error]:
    """The cast's accounts in a database that is not the demo's."""
    if settings.DEMO:
        return []
    from commons.people.models import User

    try:
        if User.objects.filter(email__in=CAST).exists():
            return [Error("The demo's accounts are in this database.", hint="Use a fresh database.", id="portal.E004")]
    except DatabaseError:
        return []  # not migrated or not reachable yet: /readyz says so, and the next start asks again
    return []


@register(Tags.security, deploy=True)
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [*unsafe_settings(), *attachments()]


@register(Tags.database)
def check_accounts(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [*demo_accounts()] if databases else []


def refuse_unsafe_start() -> None:
    """Raises ImproperlyConfigured; called where a server process begins."""
    found = unsafe_settings() + demo_accounts()
    if found:
        raise ImproperlyConfigured("refusing to start: " + " ".join(error.msg for error in found))
