"""What officials type about an activity: its draft, and what each verb needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from commons.activities.lifecycle import newest_act
from commons.activities.models import Activity, Outcome
from commons.activities.readiness import missing, said_in
from commons.core import clock
from commons.directory.admin_widgets import BothLanguagesField, BothLanguagesInput, BothLanguagesText, DayAndTimeField
from commons.directory.verb_pages import VerbForm

LATER = ("summary", "promise")  # a draft may be saved without them, not submitted


class ActivityForm(forms.ModelForm):
    """A draft. With “save and submit” nothing may be missing, and what is missing is said beside its field."""

    slug = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=80,
        help_text=_("The last part of the page's address. Left empty, it is made from the English title."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LATER:
            if name in self.fields:
                self.fields[name].one_required = False  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        typed = self.cleaned_data.get("slug") or ""
        title = self.cleaned_data.get("title")
        wanted = slugify(typed or (said_in(title, "en") if title else ""))[:80].strip("-")
        others = Activity.objects.exclude(pk=self.instance.pk)
        if typed and others.filter(slug=wanted).exists():
            raise forms.ValidationError(_("Another page has this address already."))
        return wanted if typed and wanted else free_slug(wanted or "activity", others)

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {name for name in LATER if not in_any(self.cleaned_data.get(name))}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "_submit" in self.data:
            for name, words in missing(self.instance, with_parts=False).items():
                self.add_error(name if name in self.fields else None, words)


def in_any(text: Any) -> bool:
    return bool(said_in(text, "en") or said_in(text, "hi"))


def free_slug(wanted: str, others: Any) -> str:
    """The wanted address, or with a number behind it the first that is free."""
    taken = set(others.filter(slug__startswith=wanted[:74]).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{wanted[:74]}-{n}") not in taken)


class NoteForm(VerbForm):
    note = forms.CharField(
        label=_("What should change"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The author reads this above the form, and is told at once."),
    )


class ReasonForm(VerbForm):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Citizens read it on the page. One or two plain sentences."),
    )


class PublishForm(VerbForm):
    """`seen` marks what the approver has read: what was changed since is not approved by mistake."""

    when = forms.ChoiceField(
        label=_("When should citizens see it?"),
        choices=[("now", _("Now")), ("later", _("At a time to come"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    at = DayAndTimeField(
        label=_("Day and time"), required=False, help_text=_("India time. Only for “at a time to come”.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        super().__init__(data, thing=thing)
        self.initial["seen"] = newest_act(thing)

    def again(self) -> None:
        self.data = {**self.data.dict(), "seen": newest_act(self.thing)}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == "later" and not self.has_error("at"):
            if not cleaned.get("at"):
                self.add_error("at", _("Choose a day."))
            elif cleaned["at"] <= clock.now():
                self.add_error("at", _("This moment has passed. Choose a later one, or publish now."))
        return cleaned

    @property
    def moment(self) -> Any:
        return self.cleaned_data["at"] if self.cleaned_data["when"] == "later" else None


class ExtendForm(ReasonForm):
    closes_at = DayAndTimeField(
        label=_("New close"), help_text=_("India time. Without a time it closes at 11:45 pm of that day.")
    )
    field_order = ["closes_at", "reason"]

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        super().__init__(data, thing=thing)
        self.initial["closes_at"] = thing.closes_at


class ReviseForm(forms.ModelForm):
    """The published texts, open for a correction that everybody can see."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Citizens read it in the change log, beside the text before and after."),
    )
    promise_by = DayAndTimeField(label=_("Answer promised by"), required=False)

    class Meta:
        model = Activity
        fields = ["title", "summary", "body", "promise", "promise_by"]
        widgets = {
            "title": BothLanguagesInput,
            "summary": BothLanguagesText,
            "body": BothLanguagesText,
            "promise": BothLanguagesText,
        }
        field_classes = dict.fromkeys(["title", "summary", "body", "promise"], BothLanguagesField)

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        # A row of its own: the page shows what is published while the form holds what was typed.
        super().__init__(data, instance=Activity.objects.get(pk=thing.pk))

    def clean(self) -> dict[str, Any]:
        """What was only shown is not changed: the form holds no seconds and other line ends."""
        cleaned = super().clean() or {}
        return {
            name: value if name in self.changed_data else self.initial.get(name, value)
            for name, value in cleaned.items()
        }

    def again(self) -> None:
        """Nothing to bring up to date."""


class OutcomeForm(forms.ModelForm):
    """What was decided. Both languages, because both kinds of readers were asked."""

    class Meta:
        model = Outcome
        fields = ["activity", "headline", "body"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("headline", "body"):
            if name in self.fields:
                self.fields[name].require_all_fields = True  # type: ignore[attr-defined]
                self.fields[name].error_messages["incomplete"] = _("Write it in English and in Hindi.")
