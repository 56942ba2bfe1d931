"""How allauth meets our people: e-mail or mobile, both optional, at least one."""

from __future__ import annotations

import logging
import time
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from commons.audit.events import happened
from commons.people import sms, sms_budget, waiting_password
from commons.people.models import User
from commons.people.phones import PhoneField, read_phone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from commons.people.forms import SignupForm

log = logging.getLogger(__name__)
SIGNED_IN_AT = "signed_in_at"  # in the session: allauth keeps no record of who came in by signing up
DO_NOT_MATCH = _("This address or number and this password do not belong together.")
TOO_MANY = _("Too many tries. Wait a few minutes, then try again.")
WAYS_TO_PROVE = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use your authenticator app or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class PortalAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": DO_NOT_MATCH,
        "phone_password_mismatch": DO_NOT_MATCH,
        "username_password_mismatch": DO_NOT_MATCH,
        "incorrect_code": _("This is not the code we sent. Look again, or ask for a new one."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    # -- who is made ------------------------------------------------------------------------
    def save_user(self, request: HttpRequest, user: User, form: SignupForm, commit: bool = True) -> User:  # type: ignore[override]
        """One save: a person without e-mail must have their phone from the first row on.

        Who signed up before and never proved the address gets the same row again.
        """
        data = form.cleaned_data
        if form.unproven is not None:
            user = form.unproven
            EmailAddress.objects.filter(user=user).delete()
        user.email, user.phone = data.get("email") or None, data.get("phone") or None
        user.display_name = data.get("display_name", "")
        user.language = (get_language() or "en")[:2]
        user.set_unusable_password()
        user.save()
        if user.display_name:
            happened("name chosen", user.pk)
        waiting_password.keep(request, user, form.password_hash)
        return user

    def login(self, request: HttpRequest, user: User) -> None:  # type: ignore[override]
        waiting_password.give(request, user)
        super().login(request, user)
        request.session[SIGNED_IN_AT] = time.time()

    def set_password(self, user: User, password: str) -> None:  # type: ignore[override]
        """Writes this column alone: the whole row would bring back an account that was closed a moment ago."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever changes an address, a number or a second factor has proved in the last minutes who they are.

        Signing in is such a proof: nobody types the password twice in a row.
        """
        records = get_authentication_records(context.request, context.request.user)
        proofs = [context.request.session.get(SIGNED_IN_AT, 0), *(record["at"] for record in records)]
        return time.time() - max(proofs) > app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        return [{**way, "description": WAYS_TO_PROVE[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def get_login_stages(self) -> list[str]:
        """allauth's stages, but nobody is asked to verify an e-mail address they did not give."""
        own = "commons.people.adapter.EmailStage"
        theirs = "allauth.account.stages.EmailVerificationStage"
        return [own if stage == theirs else stage for stage in super().get_login_stages()]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth counts wrong passwords by e-mail only: everybody who signs in by phone would share one count."""
        return str(credentials.get("email") or credentials.get("phone") or credentials.get("username") or "").lower()

    def is_safe_url(self, url: str) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:  # half an IPv6 address
            return False

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """The last address stays, unless a mobile number is there to sign in with."""
        by_phone = User.objects.filter(pk=email_address.user_id, phone_verified_at__isnull=False).exists()
        others = EmailAddress.objects.filter(user=email_address.user_id, verified=True).exclude(pk=email_address.pk)
        return super().can_delete_email(email_address) and (by_phone or others.exists())

    # -- mail -------------------------------------------------------------------------------
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that fails must not tell by an error page whether an account exists."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.error("a mail was not sent: %s", type(error).__name__)
            self.say_it_was_not_sent()

    def say_it_was_not_sent(self) -> None:
        messages.error(context.request, _("The code could not be sent just now. Ask for a new one in a minute."))

    # -- phones -----------------------------------------------------------------------------
    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        return read_phone(phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:  # type: ignore[override]
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:  # type: ignore[override]
        user.phone = phone
        user.phone_verified_at = None
        user.save(update_fields=["phone", "phone_verified_at"])
        if verified:
            self.set_phone_verified(user, phone)

    def set_phone_verified(self, user: User, phone: str) -> None:  # type: ignore[override]
        try:
            with transaction.atomic():
                User.objects.filter(pk=user.pk).update(
                    phone=phone, phone_verified_at=Now(), level=Greatest(F("level"), User.Level.CODE)
                )
        except IntegrityError:  # somebody else proved it between our looking and our writing
            messages.error(context.request, _("This number belongs to another account."))
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_change_phone"))) from None
        user.refresh_from_db(fields=["phone", "phone_verified_at", "level"])  # allauth goes on with this one

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:  # type: ignore[override]
        self.text(phone, sms.SIGN_IN_CODE, code=code)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        self.text(phone, sms.UNKNOWN_ACCOUNT)

    def send_account_already_exists_sms(self, phone: str) -> None:
        self.text(phone, sms.ALREADY_AN_ACCOUNT)

    def text(self, phone: str, what: sms.Text, **values: str) -> None:
        """A gateway that fails must not tell by an error page whether an account exists."""
        if not sms_budget.take_one():
            log.error("an SMS was not sent: this hour's are used up, or cannot be counted")
            return
        try:
            sms.send(phone, what, **values)
        except sms.NotSent as error:
            log.error("an SMS was not sent: %s %s", type(error).__name__, error)
            self.say_it_was_not_sent()


class EmailStage(EmailVerificationStage):
    """Asks nobody to prove an address they did not give, or one that whoever made the account vouched for."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        address = user.email if user else self.login.email
        if user and address and user.level > User.Level.GUEST and not user.emailaddress_set.exists():
            EmailAddress.objects.get_or_create(user=user, email=address, defaults={"primary": True, "verified": True})
        return super().handle() if address else (None, True)


class PortalMFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or was used before. Wait for the next one."),
        "unverified_email": _("Confirm your e-mail address first: otherwise you could lock its owner out."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # type: ignore[override]
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}
