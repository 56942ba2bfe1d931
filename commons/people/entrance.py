"""The ways in, where allauth's own lose the way back: one returns to the page one came from, whatever happened.

These views stand before allauth's at the same addresses (mygov/urls.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.account import views as theirs
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.internal.stagekit import clear_login, stash_login, unstash_login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from commons.people.adapter import TOO_MANY

if TYPE_CHECKING:
    from typing import Any

    from allauth.account.stages import LoginStage

CONTACT = "typed_contact"  # in the session: what was typed before starting again


def to(name: str, next_url: str | None) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name) + (f"?{urlencode({'next': next_url})}" if next_url else ""))


class RememberTheWay:
    """A code that is waiting to be typed in is asked for first; the page asked for last is where it leads."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponse | None:
        response = super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]
        next_url = get_next_redirect_url(request)
        if response is not None and next_url:
            stage.login.redirect_url = next_url
            stash_login(request, stage.login)
            response = HttpResponseRedirect(f"{response.url}?{urlencode({'next': next_url})}")
        return response

    def get_initial(self) -> dict[str, Any]:
        typed = self.request.session.get(CONTACT, "")  # type: ignore[attr-defined]
        return {**super().get_initial(), **({"login": typed, "contact": typed} if typed else {})}  # type: ignore[misc]


class Login(RememberTheWay, theirs.LoginView):
    pass


class Signup(RememberTheWay, theirs.SignupView):
    pass


class RequestCode(RememberTheWay, theirs.RequestLoginCodeView):
    pass


class ConfirmLoginCode(theirs.ConfirmLoginCodeView):
    def _resend_form_valid(self, form: Any) -> HttpResponse:
        """Like allauth's, but counted like a first code, and the same for numbers and addresses without an account."""
        state = self._process.state
        phone, contact = state.get("phone"), state.get("phone") or state.get("email")
        allowed = ratelimit.consume(self.request, action="verify_phone" if phone else "request_login_code", key=contact)
        if not allowed:
            messages.error(self.request, TOO_MANY)
            return HttpResponseRedirect(self.passthrough_next_url(reverse("account_confirm_login_code")))
        if self._process.user:
            return super()._resend_form_valid(form)
        self._process.send(skip_enumeration_mails=True)
        self._process.record_resend()
        self._process.persist()
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """Forgets the code that was waited for, not what was typed nor where it should lead."""
    login = unstash_login(request, peek=True)
    next_url = get_next_redirect_url(request) or (login.redirect_url if login else None)
    signup = bool(login and login.signup)
    states = [request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)]
    states += [request.session.pop(PASSWORD_RESET_VERIFICATION_SESSION_KEY, None)]
    states += (
        [stage.get("data") for stage in login.state.get("stages", {}).values() if "data" in stage] if login else []
    )
    for state in filter(None, states):
        request.session[CONTACT] = state.get("email") or state.get("phone") or request.session.get(CONTACT, "")
    clear_login(request)
    return to("account_signup" if signup else "account_login", next_url)


def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin's own form would know neither limits nor codes nor second factors: there is one way in for all."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return to("account_login", get_next_redirect_url(request) or reverse("admin:index"))
