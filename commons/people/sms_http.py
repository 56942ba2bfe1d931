"""The gateway that takes JSON over HTTP."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from commons.people.sms import PATIENCE, NotSent, Refused

MOST_BYTES = 65_536  # of an answer; a gateway that says more is broken
TRY_LATER = {408, 425, 429}


class NoRedirects(HTTPRedirectHandler):
    """A redirect would take the number and the password to a host the operator did not name."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class HttpJsonGateway:
    """POSTs the text with the DLT entity, header and template; expects JSON with `id`."""

    needs_dlt = True

    def send(self, phone: str, words: str, *, template_id: str, reference: str = "") -> str:
        body = json.dumps({
            "to": phone, "text": words, "header": settings.SMS_HEADER, "entity_id": settings.SMS_ENTITY_ID,
            "template_id": template_id, "unicode": not words.isascii(),
            **({"reference": reference} if reference else {}),
        })  # fmt: skip
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_PASSWORD}"}
        request = Request(settings.SMS_URL, body.encode(), headers)  # noqa: S310 - set by the operator
        try:
            with build_opener(NoRedirects).open(request, timeout=PATIENCE) as answer:
                return str(json.loads(answer.read(MOST_BYTES))["id"])
        except HTTPError as error:
            error.close()
            final = 400 <= error.code < 500 and error.code not in TRY_LATER
            raise (Refused if final else NotSent)(f"HTTP {error.code}") from None
        except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError) as error:
            raise NotSent(type(error).__name__) from None  # without the cause: it may quote what was sent
