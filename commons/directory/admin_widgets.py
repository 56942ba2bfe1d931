"""How officials type: both languages side by side, a day and a time of India."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput

from commons.core.cleaning import clean_text


class BothLanguages:
    """One text in every language, each in a box with its name above; side by side where there is room."""

    locales: list[str]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Without the language as a placeholder: it stands above the box, and stays there."""
        return super().render(name, value, {**(attrs or {}), "placeholder": ""}, renderer)  # type: ignore[misc]

    def format_output(self, rendered_widgets: list[str], id_: str) -> SafeString:
        names = dict(settings.LANGUAGES)
        boxes = format_html_join(
            "",
            '<div class="one-language"><label for="{}_{}">{}</label>{}</div>',
            (
                (id_, number, names[code], mark_safe(html))  # noqa: S308 - rendered by Django's own widgets
                for number, (code, html) in enumerate(zip(self.locales, rendered_widgets, strict=True))
            ),
        )
        return format_html('<div class="both-languages" id="{}">{}</div>', id_, boxes)


class BothLanguagesInput(BothLanguages, I18nTextInput):
    """One line in each language."""


class BothLanguagesText(BothLanguages, I18nTextarea):
    """Some lines in each language."""

    def __init__(self, locales: list[str], field: forms.Field, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(locales, field, {"rows": 4, **(attrs or {})})


class BothLanguagesField(I18nFormField):
    """Cleaned as everything typed is; a browser's own line ends are no change."""

    def compress(self, data_list: list[str]) -> Any:
        return super().compress([clean_text(text or "") for text in data_list])

    def has_changed(self, initial: Any, data: Any) -> bool:
        typed = [clean_text(text or "") for text in data or []]
        return super().has_changed([clean_text(text or "") for text in self.widget.decompress(initial)], typed)


class DayAndTime(forms.SplitDateTimeWidget):
    """The browser's own day and time fields: they work on a phone, with a keyboard and without JavaScript."""

    template_name = "admin/day_and_time.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": cast("str", gettext_lazy("Day"))},
            time_attrs={"type": "time", "aria-label": cast("str", gettext_lazy("Time, IST"))},
        )


class DayAndTimeField(forms.SplitDateTimeField):
    """A moment in India's time. Whoever leaves the time out means late in the evening of that day."""

    widget = DayAndTime
    time_left_out = "23:45"

    def clean(self, value: Any) -> Any:
        day, time = [*(value or []), "", ""][:2]
        return super().clean([day, time or self.time_left_out] if day else ["", ""])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """The browser's field knows no seconds: a moment that has some is not changed by being shown."""
        whole = initial.replace(second=0, microsecond=0) if isinstance(initial, datetime) else initial
        return super().has_changed(whole, data)


class OpeningField(DayAndTimeField):
    """A moment to begin: in the morning when no time is given."""

    time_left_out = "09:00"


def badge(shape: str, words: Any, colour: str) -> SafeString:
    """A state in a list: shape, word and colour, so that none of them has to carry it alone."""
    return format_html('<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>', colour, shape, words)
