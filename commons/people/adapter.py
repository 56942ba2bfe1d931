"""How allauth meets our people: e-mail or mobile, both optional, at least one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import EmailVerificationStage
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils.translation import get_language

from commons.people import sms
from commons.people.models import User
from commons.people.phones import PhoneField, read_phone

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest


class PortalAccountAdapter(DefaultAccountAdapter):
    # -- who is made ------------------------------------------------------------------------
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:  # type: ignore[override]
        """One save: a person without e-mail must have their phone from the first row on."""
        data = form.cleaned_data
        user.email, user.phone = data.get("email") or None, data.get("phone") or None
        user.display_name = data.get("display_name", "")
        user.language = (get_language() or "en")[:2]
        if data.get("password1"):
            user.set_password(data["password1"])
        else:
            user.set_unusable_password()
        user.save()
        return user

    def get_login_stages(self) -> list[str]:
        """allauth's stages, but nobody is asked to verify an e-mail address they did not give."""
        own = "commons.people.adapter.EmailStage"
        theirs = "allauth.account.stages.EmailVerificationStage"
        return [own if stage == theirs else stage for stage in super().get_login_stages()]

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
        User.objects.filter(pk=user.pk).update(phone=phone, phone_verified_at=Now(), level=Greatest(F("level"), 1))

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:  # type: ignore[override]
        text(phone, sms.SIGN_IN_CODE, code=code)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        text(phone, sms.UNKNOWN_ACCOUNT)

    def send_account_already_exists_sms(self, phone: str) -> None:
        text(phone, sms.ALREADY_AN_ACCOUNT)


def text(phone: str, what: sms.Text, **values: str) -> None:
    """A gateway that fails must not tell by an error page whether an account exists."""
    try:
        sms.send(phone, what, **values)
    except sms.NotSent:
        sms.log.exception("an SMS was not sent")


class EmailStage(EmailVerificationStage):
    def handle(self) -> tuple[Any, bool]:
        address = self.login.user.email if self.login.user else self.login.email
        return super().handle() if address else (None, True)
