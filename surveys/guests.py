"""Who answers: somebody with an account, a browser without one, or whoever has the link that leads another device back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing

from commons.people.guests import DAYS, key_of
from surveys.models import Response

if TYPE_CHECKING:
    from django.http import HttpRequest

    from surveys.answering import Respondent

LINK_SALT = "surveys.resume"


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
