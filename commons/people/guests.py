"""A browser without an account is known again by one signed cookie, which is set only when somebody takes part."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE = "__Host-guest" if settings.HTTPS else "guest"
SALT = "commons.people.guest"
DAYS = 90


def new_key() -> str:
    return secrets.token_urlsafe(24)


def key_of(request: HttpRequest) -> str:
    """The browser's key; empty when it has none, or when somebody made it up."""
    return str(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=DAYS * 86_400) or "")


def remember(response: HttpResponse, key: str) -> None:
    response.set_signed_cookie(
        COOKIE, key, salt=SALT, max_age=DAYS * 86_400, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
