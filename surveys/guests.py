"""How a browser without an account is known again: by one signed cookie, and by a link that leads another device back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from surveys.models import Response

if TYPE_CHECKING:
    from surveys.answering import Respondent

COOKIE = "__Host-survey" if settings.HTTPS else "survey"
SALT = "surveys.guest"
LINK_SALT = "surveys.resume"
DAYS = 90


def key_of(request: HttpRequest) -> str:
    """The browser's key; empty when it has none, or when somebody made it up."""
    return str(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=DAYS * 86_400) or "")


def remember(response: HttpResponse, key: str) -> None:
    response.set_signed_cookie(
        COOKIE, key, salt=SALT, max_age=DAYS * 86_400, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def respondent(request: HttpRequest) -> Respondent:
    from surveys.answering import Respondent

    return Respondent(request.user, "" if request.user.is_authenticated else key_of(request))


def link_token(response: Response) -> str:
    """What the end of a link back says: which response, and that we made it."""
    return signing.dumps({"r": response.pk, "k": response.guest_key[:8]}, salt=LINK_SALT, compress=True)


def from_token(token: str) -> Response | None:
    """The response a link leads back to; None when it is made up, too old, or the guest has signed in since."""
    try:
        said = signing.loads(token, salt=LINK_SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return None
    found = Response.objects.select_related("activity").filter(pk=said["r"]).first()
    return found if found and (found.person_id or found.guest_key[:8] == said["k"]) else None
