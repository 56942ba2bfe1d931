"""The forms that prove something: codes as people type them, and changing what one proves it with."""

from __future__ import annotations

import time
import unicodedata
from typing import TYPE_CHECKING, Any

from allauth.account import app_settings
from allauth.account import forms as theirs
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.people import sms_budget

if TYPE_CHECKING:
    from django.http import HttpRequest

    from commons.people.models import User


def latin_digits(typed: str) -> str:
    """“१२३ ४५६” is a code too."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in typed)


class CodeField(forms.CharField):
    """A code: six digits, as a telephone offers them from the message; whatever script they are typed in."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none", "class": "code"}
        super().__init__(**{
            "label": gettext_lazy("Code"), "max_length": 20, "widget": forms.TextInput(attrs=attrs), **kwargs,
        })  # fmt: skip

    def to_python(self, value: Any) -> str:
        return latin_digits(super().to_python(value) or "")


class LoginCodeForm(theirs.ConfirmLoginCodeForm):
    code = CodeField()


class EmailCodeForm(theirs.ConfirmEmailVerificationCodeForm):
    code = CodeField()


class PhoneCodeForm(theirs.VerifyPhoneForm):
    code = CodeField()


class ResetCodeForm(theirs.ConfirmPasswordResetCodeForm):
    code = CodeField()


class SecondFactorForm(mfa.AuthenticateForm):
    code = CodeField(label=gettext_lazy("Code from your authenticator app, or a recovery code"))


class SecondFactorAgainForm(mfa.ReauthenticateForm):
    code = CodeField(label=gettext_lazy("Code from your authenticator app, or a recovery code"))


class ActivateAppForm(totp.ActivateTOTPForm):
    code = CodeField(label=gettext_lazy("Code from your authenticator app"))


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, required=False,
        help_text=gettext_lazy("So that you know later which one it is: “my phone”."),
    )  # fmt: skip
    passwordless = forms.BooleanField(
        label=gettext_lazy("Sign in with it alone"), required=False, initial=True,
        help_text=gettext_lazy("Without a tick it is asked for after your password."),
    )  # fmt: skip


class RenamePasskeyForm(passkeys.EditWebAuthnForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)


class ChangePhoneForm(theirs.ChangePhoneForm):
    def clean_phone(self) -> str:
        sms_budget.check_open()
        return super().clean_phone()


class PlainPasswords:
    """No placeholders in place of labels, and one field for the new password: it can be looked at and reset."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _("At least 10 characters.")


class ChangePasswordForm(PlainPasswords, theirs.ChangePasswordForm):
    """Whoever has just proved by code who they are need not know the old password: that is how it is replaced."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if came_in_by_code_just_now(context.request, self.user):
            del self.fields["oldpassword"]
        else:
            self.fields["oldpassword"].label = _("Current password")
            self.fields["oldpassword"].help_text = ""


class SetPasswordForm(PlainPasswords, theirs.SetPasswordForm):
    pass


class ResetPasswordForm(theirs.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class AddEmailForm(theirs.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class NewPasswordForm(PlainPasswords, theirs.ResetPasswordKeyForm):
    pass


class PasswordAgainForm(theirs.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


def came_in_by_code_just_now(request: HttpRequest, user: User) -> bool:
    """Whether this session began with a code, so lately that nobody else can have sat down at it."""
    codes = [record["at"] for record in get_authentication_records(request, user) if record["method"] == "code"]
    return bool(codes) and time.time() - codes[-1] < app_settings.REAUTHENTICATION_TIMEOUT
