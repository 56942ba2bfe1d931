"""What people type to make an account and to sign in: one field for e-mail or mobile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as theirs
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.core.cleaning import clean_text
from commons.people import sms_budget
from commons.people.models import User
from commons.people.phones import read_phone

if TYPE_CHECKING:
    from django.http import HttpRequest

CONTACT = gettext_lazy("E-mail address or mobile number")


def contact_field(autocomplete: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=CONTACT, max_length=254, widget=widget)


def read_contact(typed: str) -> tuple[str, str]:
    """("email", address) or ("phone", E.164). Raises ValidationError."""
    typed = typed.strip()
    if "@" in typed:
        validate_email(typed)
        return "email", typed.lower()
    if not any(sign.isdigit() for sign in typed):
        raise ValidationError(_("Enter an e-mail address or a mobile number."), "contact")
    return "phone", read_phone(typed)


class SignupForm(theirs.SignupForm):
    """allauth's form with one contact field in place of two. The password may be left out: codes suffice."""

    field_order = ["contact", "display_name", "password1"]
    unproven: User | None = None  # who signed up with this address before, and never proved it
    password_hash = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "phone"):
            del self.fields[name]
        self.fields["contact"] = contact_field("username")
        self.fields["display_name"] = forms.CharField(
            label=_("Name shown to others"), max_length=60, required=False,
            help_text=_("Your name or a pseudonym. You can change it later."),
            validators=User._meta.get_field("display_name").validators,
        )  # fmt: skip
        password = self.fields["password1"]
        password.required = False
        password.label = _("Password")
        password.help_text = _("At least 10 characters. Without one you sign in by code.")
        password.widget.attrs.pop("placeholder", None)
        self.order_fields(self.field_order)

    def clean_display_name(self) -> str:
        return clean_text(self.cleaned_data["display_name"])

    def clean(self) -> dict[str, Any]:
        if contact := self.cleaned_data.get("contact"):
            try:
                self.read(*read_contact(contact))
            except ValidationError as error:
                self.add_error("contact", error)
        return super().clean()

    def read(self, kind: str, value: str) -> None:
        if kind == "phone":
            sms_budget.check_open()
        self.cleaned_data[kind] = value
        self.unproven = User.objects.unproven().filter(**{kind: value}).first()
        if kind == "email" and not self.unproven:
            self.cleaned_data["email"] = self.validate_unique_email(value)

    def _clean_phone(self) -> None:
        if not self.unproven:
            super()._clean_phone()

    def try_save(self, request: HttpRequest) -> Any:
        """The same steps whether there is an account or not: hashing is slow enough to be measured from outside."""
        password = self.cleaned_data.get("password1")
        self.password_hash = make_password(password or "-")
        if not password:
            self.password_hash = ""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # the same address, a moment earlier, from elsewhere
            data = self.cleaned_data
            return None, prevent_enumeration(request, email=data.get("email"), phone=data.get("phone"))


class LoginForm(theirs.LoginForm):
    """Takes a mobile number as people write it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = contact_field("username")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        try:
            return read_contact(self.cleaned_data["login"])[1]
        except ValidationError:
            return self.cleaned_data["login"].strip()  # an unknown one is answered like a wrong password


class RequestCodeForm(theirs.RequestLoginCodeForm):
    """One field, whichever way the code goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"login": contact_field("username")}
        self._user = None

    def clean(self) -> dict[str, Any]:
        if login := self.cleaned_data.get("login"):
            try:
                kind, value = read_contact(login)
                self.cleaned_data[kind] = value
                self.cleaned_data[kind] = self.clean_email() if kind == "email" else self.clean_phone()
            except ValidationError as error:
                self.add_error("login", error)
        return self.cleaned_data

    def clean_phone(self) -> str:
        phone = super().clean_phone()
        sms_budget.check_number(context.request, phone)
        return phone
