"""The profile form: what one says of oneself, and which of it others see."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.core.cleaning import clean_text
from commons.people.models import User

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
    ("about", gettext_lazy("About you")), ("state", gettext_lazy("State")), ("district", gettext_lazy("District")),
    ("languages", gettext_lazy("Languages")), ("interests", gettext_lazy("Interests")), ("skills", gettext_lazy("Skills")),
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
            "languages",
            "interests",
            "skills",
            "public_fields",
        ]
        widgets = {
            "about": forms.Textarea(attrs={"rows": 3, "data-count": 300}),
            "interests": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = apps.get_model("directory", "Region").objects
        self.fields["state"].queryset = regions.filter(level="state").order_by("lgd_code")  # type: ignore[attr-defined]
        state = self.data.get("state") or self.initial.get("state")
        known = str(state).isascii() and str(state).isdecimal() and len(str(state)) < 12
        self.fields["district"].queryset = (  # type: ignore[attr-defined]
            regions.filter(parent_id=state).order_by("lgd_code") if known else regions.none()
        )
        self.fields["district"].help_text = _("Choose your state and save; then its districts stand here.")

    def clean_display_name(self) -> str:
        return clean_text(self.cleaned_data["display_name"])

    def clean_about(self) -> str:
        return clean_text(self.cleaned_data["about"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        district, state = data.get("district"), data.get("state")
        if district and district.parent_id != getattr(state, "pk", None):
            raise ValidationError({"district": _("This district is in another state.")})
        return data
