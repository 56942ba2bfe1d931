"""What people type to make an account and to sign in: one field for e-mail or mobile."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as theirs
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.people.models import User
from commons.people.phones import read_phone

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
        self.fields["password1"].required = False
        self.fields["password1"].label = _("Password")
        self.fields["password1"].help_text = _("At least 10 characters. Without one you sign in by code.")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        if contact := self.cleaned_data.get("contact"):
            try:
                kind, value = read_contact(contact)
            except ValidationError as error:
                self.add_error("contact", error)
            else:
                self.cleaned_data[kind] = self.validate_unique_email(value) if kind == "email" else value
        return super().clean()


class LoginForm(theirs.LoginForm):
    """Takes a mobile number as people write it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = contact_field("username")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

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
