"""The profile form: what one says of oneself, and which of it others see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from commons.audit.events import happened
from commons.core.cleaning import clean_text
from commons.people.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet

SKILLS = [
    ("teaching", gettext_lazy("Teaching")), ("health", gettext_lazy("Health care")), ("law", gettext_lazy("Law")),
    ("farming", gettext_lazy("Farming")), ("engineering", gettext_lazy("Engineering")), ("data", gettext_lazy("Data and statistics")),
    ("design", gettext_lazy("Design")), ("writing", gettext_lazy("Writing and translation")), ("software", gettext_lazy("Software")),
    ("accounts", gettext_lazy("Accounts and audit")), ("social-work", gettext_lazy("Social work")), ("environment", gettext_lazy("Environment")),
]  # fmt: skip
SPOKEN = [
    ("as", "অসমীয়া"), ("bn", "বাংলা"), ("brx", "बड़ो"), ("doi", "डोगरी"), ("en", "English"), ("gu", "ગુજરાતી"),
    ("hi", "हिन्दी"), ("kn", "ಕನ್ನಡ"), ("ks", "کٲشُر"), ("kok", "कोंकणी"), ("mai", "मैथिली"), ("ml", "മലയാളം"),
    ("mni", "ꯃꯤꯇꯩꯂꯣꯟ"), ("mr", "मराठी"), ("ne", "नेपाली"), ("or", "ଓଡ଼ିଆ"), ("pa", "ਪੰਜਾਬੀ"), ("sa", "संस्कृतम्"),
    ("sat", "ᱥᱟᱱᱛᱟᱲᱤ"), ("sd", "سنڌي"), ("ta", "தமிழ்"), ("te", "తెలుగు"), ("ur", "اردو"),
]  # fmt: skip
MAY_BE_SHOWN = [
    ("about", gettext_lazy("About you")), ("state", pgettext_lazy("region", "State")), ("district", gettext_lazy("District")),
    ("languages", gettext_lazy("Languages")), ("interests", gettext_lazy("Interests")), ("skills", gettext_lazy("Skills")),
]  # fmt: skip
WHAT_LEVELS_ALLOW = {
    User.Level.GUEST: gettext_lazy("You can read everything."),
    User.Level.CODE: gettext_lazy("You can comment, vote and bring ideas."),
    User.Level.NATIONAL_ID: gettext_lazy("You can also take part where every person must count once, and only once."),
    User.Level.IN_PERSON: gettext_lazy("You can also take part in what is binding."),
}


def levels(person: User) -> list[dict[str, Any]]:
    """Each step of verification, what it allows, and whether this person stands on it or above."""
    return [
        {"name": level.label, "allows": WHAT_LEVELS_ALLOW[level], "reached": person.level >= level, "now": person.level == level}
        for level in User.Level
    ]  # fmt: skip


class ProfileForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages you speak"), choices=SPOKEN, required=False, widget=forms.CheckboxSelectMultiple
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills"), choices=SKILLS, required=False, widget=forms.CheckboxSelectMultiple
    )
    public_fields = forms.MultipleChoiceField(
        label=gettext_lazy("Shown on your public page"), choices=MAY_BE_SHOWN, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Your name is always shown; your e-mail address and number never are."),
    )  # fmt: skip

    class Meta:
        model = User
        fields = [
            "display_name",
            "about",
            "language",
            "state",
            "district",
            "born",
            "gender",
            "languages",
            "interests",
            "skills",
            "public_fields",
        ]
        help_texts = {
            "born": gettext_lazy("Nobody sees it. It only tells in groups of ten and more who took part."),
            "gender": gettext_lazy("Nobody sees it. It only tells in groups of ten and more who took part."),
        }
        widgets = {
            "about": forms.Textarea(attrs={"rows": 3, "data-count": 300}),
            "interests": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = apps.get_model("directory", "Region").objects
        state = self.data.get("state") or self.initial.get("state")
        known = str(state).isascii() and str(state).isdecimal() and len(str(state)) < 12
        self.offer("state", regions.filter(level="state"), regions.filter(level="state"))
        districts = regions.filter(level="district")
        self.offer("district", districts, districts.filter(parent_id=state) if known else regions.none())
        self.fields["state"].label = pgettext_lazy("region", "State")
        self.fields["state"].widget.attrs |= {
            "hx-get": reverse("people:districts"), "hx-target": "#districts", "hx-include": "#id_state",
        }  # fmt: skip
        for name in ("born", "gender"):
            choices = self.fields[name].choices  # type: ignore[attr-defined]
            self.fields[name].choices = [("", _("Not said")), *[pair for pair in choices if pair[0]]]  # type: ignore[attr-defined]
        if not known:
            self.fields["district"].help_text = _("Choose your state and save; then its districts stand here.")

    def offer(self, name: str, allowed: QuerySet[Any], shown: QuerySet[Any]) -> None:
        """A list in the order of the reader's own words, whose other values are judged in `clean`."""
        field = self.fields[name]
        field.queryset = allowed  # type: ignore[attr-defined]
        rows = sorted(((row.pk, str(row)) for row in shown), key=lambda row: row[1])
        field.widget.choices = [("", _("Not said")), *rows]  # type: ignore[attr-defined]

    def clean_display_name(self) -> str:
        return clean_text(self.cleaned_data["display_name"])

    def clean_about(self) -> str:
        return clean_text(self.cleaned_data["about"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        district, state = data.get("district"), data.get("state")
        if district and district.parent_id != getattr(state, "pk", None):
            if "state" not in self.changed_data:
                raise ValidationError({"district": _("This district is in another state.")})
            data["district"] = None  # of the state before: without a script its list could not follow
        return data

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """The form's own columns alone: the whole row would bring back an account that was closed a moment ago."""
        columns = [name for name in self._meta.fields or () if name != "interests"]
        self.instance.save(update_fields=columns)
        self._save_m2m()  # type: ignore[attr-defined]
        if "display_name" in self.changed_data:
            happened("name chosen", self.instance.pk)
            self.instance.refresh_from_db(fields=["display_name"])
        return self.instance

    @property
    def said(self) -> str:
        if "display_name" in self.changed_data and self.cleaned_data["display_name"] and not self.instance.display_name:
            words = _("Your profile is saved. A moderator looks at your name first; until then others see “%(name)s”.")
            return words % {"name": self.instance.shown_name}
        if "state" in self.changed_data and self.instance.state_id and not self.instance.district_id:
            return _("Your profile is saved. You can choose your district now.")
        return _("Your profile is saved.")
