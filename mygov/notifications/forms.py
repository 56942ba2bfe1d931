"""The form of `/notifications/settings/`: for each group of events, how soon a mail tells of it; and the digest's hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.core.moments import clock_time
from commons.directory.models import Post
from commons.people.models import User
from mygov.notifications import preferences
from mygov.notifications.event_groups import EventGroup, Frequency


def hours() -> list[tuple[int, str]]:
    language = get_language() or "en"
    return [(at, clock_time(datetime(1, 1, 1, at), language)) for at in range(24)]


class PreferencesForm(forms.Form):
    hour = forms.TypedChoiceField(
        label=_("Hour of the daily and weekly mail"), coerce=int, choices=hours,
        help_text=_("India's time. The mail is sent within the hour after it."),
    )  # fmt: skip

    def __init__(self, person: User, data: Any = None) -> None:
        super().__init__(data, initial={"hour": preferences.hour(person)})
        self.person = person
        chosen = preferences.choices([person.pk])[person.pk]
        official = Post.objects.filter(person=person).exists()
        self.groups = [group for group in EventGroup if official or group != EventGroup.WORK]
        for group in self.groups:
            self.fields[group] = forms.ChoiceField(label=group.label, choices=Frequency.choices, initial=chosen[group])
            # A cell's name is its row and its column, for whoever cannot see the table.
            self.fields[group].widget.attrs["aria-labelledby"] = f"row-{group} column-mail"

    def rows(self) -> list[forms.BoundField]:
        return [self[group] for group in self.groups]

    def keep(self) -> None:
        preferences.choose(self.person, {group: Frequency(self.cleaned_data[group]) for group in self.groups})
        preferences.choose_hour(self.person, self.cleaned_data["hour"])
