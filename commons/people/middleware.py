"""Guards around signing in."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode
from zlib import crc32

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import override

from commons.core.htmx import sent_away
from commons.core.language import in_language
from commons.people import drafts

Respond = Callable[[HttpRequest], HttpResponse]


class OneGuessAtATime:
    """Lets the guesses of one sign-in flow in one by one.

    The count of wrong tries lies in the session, which is read, changed and written: guesses sent in parallel
    would all read the same count. So a POST to a code page waits for its turn before its session is read, and
    gives the turn away when it is written. For that this stands outside the session's own middleware.
    """

    VIEWS = frozenset({
        "account_confirm_login_code", "account_verify_phone", "account_email_verification_sent",
        "account_confirm_password_reset_code", "mfa_authenticate",
    })  # fmt: skip
    SPACE = 411  # the first half of the lock's name, so that it is nobody else's

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if request.method != "POST" or key is None or self.name_of(request) not in self.VIEWS:
            return self.get_response(request)
        turn = [self.SPACE, crc32(key.encode("utf-8", "replace")) - 2**31]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", turn)
        except OperationalError:  # waited for as long as lock_timeout lets anybody wait
            return HttpResponse("One at a time, please.", status=429, content_type="text/plain")
        try:
            return self.get_response(request)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", turn)

    def name_of(self, request: HttpRequest) -> str | None:
        if "/accounts/" not in request.path_info:  # where all of them are; quicker than looking the address up
            return None
        try:
            with override(settings.LANGUAGE_CODE):
                return resolve(in_language(request.path_info, settings.LANGUAGE_CODE)).url_name
        except Resolver404:
            return None


class AnswerWrongInput:
    """allauth answers wrong input with 200 and too many tries with an error; here the first is 422, the second 429."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and form is not None and form.errors:
            response.status_code = 422
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return respond_429(request) if isinstance(error, RateLimited) else None


class StaffNeedSecondFactor:
    """A staff account opens nothing but its account pages until a passkey or an authenticator app was used.

    And not for ever: a session that was idle for half an hour, or is older than a working day, is over.
    """

    IDLE, LONGEST = 30 * 60, 12 * 60 * 60  # seconds
    SEEN_EVERY = 60  # seconds; the session is not written on every page
    SINCE, SEEN = "staff_since", "staff_seen"
    OPEN = ("/accounts/", "/language/", "/static/")

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.STAFF_NEEDS_SECOND_FACTOR or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if not request.user.is_authenticated or not request.user.is_staff:
            return self.get_response(request)
        if self.is_over(request, time.time()):
            logout(request)
            return drafts.to_sign_in(request, request.get_full_path() if request.method == "GET" else "/")
        path = in_language(request.path_info, settings.LANGUAGE_CODE)
        if not path.startswith(self.OPEN) and (url := self.missing(request)):
            return sent_away(request, url)
        return self.get_response(request)

    def is_over(self, request: HttpRequest, now: float) -> bool:
        since = request.session.get(self.SINCE)
        if since is None:
            since = request.session[self.SINCE] = now
        seen = request.session.get(self.SEEN, since)
        if now - seen > self.IDLE or now - since > self.LONGEST:
            return True
        if self.SEEN not in request.session or now - seen > self.SEEN_EVERY:
            request.session[self.SEEN] = now
        return False

    def missing(self, request: HttpRequest) -> str | None:
        """Where the person goes for what they lack; None when they lack nothing."""
        if any(record["method"] == "mfa" for record in get_authentication_records(request, request.user)):
            return None
        if not is_mfa_enabled(request.user):
            return reverse("mfa_index")
        by_code = is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES])
        url = reverse("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn")
        return f"{url}?{urlencode({'next': request.get_full_path()})}"
