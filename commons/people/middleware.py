"""Two guards around signing in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from zlib import crc32

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

Respond = Callable[[HttpRequest], HttpResponse]


class OneGuessAtATime:
    """Lets the guesses of one sign-in flow in one by one.

    The count of wrong tries lies in the session, which is read, changed and written: guesses sent in parallel
    would all read the same count. So a POST to a code page waits for its turn and reads the session afresh.
    """

    VIEWS = frozenset({
        "account_confirm_login_code", "account_verify_phone", "account_email_verification_sent",
        "account_confirm_password_reset_code", "mfa_authenticate",
    })  # fmt: skip

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Respond, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        key = request.session.session_key
        if request.method != "POST" or match is None or match.url_name not in self.VIEWS or key is None:
            return None
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [411, crc32(key.encode()) - 2**31])
            request.session = request.session.__class__(key)
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response = response.render()
            if request.session.modified:
                request.session.save()
        return response


class StaffNeedSecondFactor:
    """Staff need a passkey or an authenticator app, and must have used it in this session, where they have power:
    in the admin and at the moderators' desk.
    """

    GUARDED = re.compile(r"(/[a-z]{2})?/(admin|moderation)/")

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        guarded = self.GUARDED.match(request.path_info) and settings.STAFF_NEEDS_SECOND_FACTOR
        if guarded and request.user.is_authenticated and request.user.is_staff:
            if not is_mfa_enabled(request.user):
                return HttpResponseRedirect(reverse("mfa_index"))
            methods = request.session.get("account_authentication_methods", [])
            if not any(method.get("method") == "mfa" for method in methods):
                return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?next={request.path}")
        return self.get_response(request)
