"""Phone numbers as they are stored: E.164, once, whatever was typed."""

from __future__ import annotations

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def read_phone(typed: str) -> str:
    """E.164 of a mobile number; a bare ten-digit number is Indian. Raises ValidationError."""
    try:
        number = phonenumbers.parse(typed[:40], "IN")
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("This is not a phone number."), "phone") from error
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_("This is not a phone number."), "phone")
    if number.country_code not in settings.PHONE_COUNTRIES:
        raise ValidationError(_("Only Indian mobile numbers can be used."), "country")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class PhoneField(forms.CharField):
    """A mobile number; cleans to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"label": gettext_lazy("Mobile number"), "max_length": 40, **kwargs})  # type: ignore[arg-type]

    def clean(self, value: str) -> str:
        cleaned = super().clean(value)
        return read_phone(cleaned) if cleaned else ""
