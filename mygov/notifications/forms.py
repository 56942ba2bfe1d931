"""The form of `/notifications/settings/`: for each group of events, how soon a mail tells of it; and a person's habits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.core.moments import clock_time
from commons.directory.models import Post
from commons.people.models import User
from mygov.notifications import channels, preferences
from mygov.notifications.event_groups import EventGroup, Frequency

HABITS = ("digest_hour", "quiet_from", "quiet_until", "follows_by_itself")
MORNING = 7  # what the end of the quiet hours stands at before somebody chooses


def hours() -> list[tuple[int, str]]:
    language = get_language() or "en"
    return [(at, clock_time(datetime(1, 1, 1, at), language)) for at in range(24)]


class PreferencesForm(forms.Form):
    digest_hour = forms.TypedChoiceField(
        label=_("Hour of the daily and weekly mail"), coerce=int, choices=hours,
        help_text=_("India's time. The mail is sent within the hour after it."),
    )  # fmt: skip
    quiet_from = forms.TypedChoiceField(
        label=_("Quiet hours begin"), coerce=int, empty_value=None, required=False,
        choices=lambda: [("", _("No quiet hours")), *hours()],
        help_text=_("What would come at once waits until they end."),
    )  # fmt: skip
    quiet_until = forms.TypedChoiceField(label=_("Quiet hours end"), coerce=int, choices=hours)
    follows_by_itself = forms.BooleanField(
        label=_("Follow whatever I take part in"), required=False,
        help_text=_("You then hear of changes and of the outcome. Each can be stopped by itself."),
    )  # fmt: skip

    def __init__(self, person: User, data: Any = None) -> None:
        habits = preferences.habits(person)
        quiet = habits.quiet_from != habits.quiet_until
        kept = {
            "digest_hour": habits.digest_hour, "follows_by_itself": habits.follows_by_itself,
            "quiet_from": habits.quiet_from if quiet else "", "quiet_until": habits.quiet_until if quiet else MORNING,
        }  # fmt: skip
        super().__init__(data, initial=kept)
        self.person = person
        chosen = preferences.choices([person.pk])[person.pk]
        official = Post.objects.filter(person=person).exists()
        self.groups = [group for group in EventGroup if official or group != EventGroup.WORK]
        for group in self.groups:
            self.fields[group] = forms.ChoiceField(label=group.label, choices=Frequency.choices, initial=chosen[group])
            # A cell's name is its row and its column, for whoever cannot see the table.
            self.fields[group].widget.attrs["aria-labelledby"] = f"row-{group} column-mail"
        wants = preferences.sms_choices([person.pk]).get(person.pk, set())
        self.by_sms = [group for group in channels.by_sms() if group in self.groups]
        for group in self.by_sms:
            name = f"sms_{group}"
            self.fields[name] = forms.BooleanField(label=group.label, required=False, initial=group in wants)
            self.fields[name].widget.attrs["aria-labelledby"] = f"row-{group} column-sms"

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """For each group the field of mail, and that of SMS where there is one."""
        return [(self[group], self[f"sms_{group}"] if group in self.by_sms else None) for group in self.groups]

    def clean(self) -> dict[str, Any]:
        """Without a beginning there are none, whatever stands as their end."""
        given = super().clean() or self.cleaned_data
        if given.get("quiet_from") is None:
            return {**given, "quiet_from": 0, "quiet_until": 0}
        if given["quiet_from"] == given.get("quiet_until"):
            self.add_error("quiet_until", _("Choose another hour than the one they begin at."))
        return given

    def keep(self) -> None:
        preferences.choose(self.person, {group: Frequency(self.cleaned_data[group]) for group in self.groups})
        preferences.choose_sms(self.person, {group: self.cleaned_data[f"sms_{group}"] for group in self.by_sms})
        preferences.choose_habits(self.person, **{name: self.cleaned_data[name] for name in HABITS})
