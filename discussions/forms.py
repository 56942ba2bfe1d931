"""What a person types when they bring an idea, or lay it down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.directory.models import Region, Sector
from discussions.models import Idea, IdeaNotice


class IdeaForm(forms.ModelForm):
    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Subject"), required=False)
    region = forms.ModelChoiceField(
        Region.objects.filter(level=Region.Level.STATE).order_by("lgd_code"), label=_("State"), required=False
    )

    class Meta:
        model = Idea
        fields = ["title", "ask", "detail", "sector", "region"]
        labels = {"title": _("Title"), "ask": _("What should be done?"), "detail": _("Why, and how?")}
        help_texts = {
            "title": _("At most 80 characters."),
            "ask": _("One thing, in at most 300 characters."),
            "detail": _("At most 800 characters."),
        }
        widgets = {
            "title": forms.TextInput(attrs={"data-count": 80}),
            "ask": forms.Textarea(attrs={"rows": 3, "data-count": 300}),
            "detail": forms.Textarea(attrs={"rows": 5, "data-count": 800}),
        }


class RetireForm(forms.Form):
    """Why it is laid down, and which idea its supporters may turn to instead (its number or address)."""

    reason = forms.ChoiceField(label=_("Why?"), choices=Idea.Retired.choices)
    words = forms.CharField(
        label=_("In your words"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    better = forms.CharField(
        label=_("Address of an idea to support instead"),
        required=False,
        max_length=200,
        help_text=_("Your supporters are asked whether they support that one. Nobody is moved without being asked."),
    )

    def clean_better(self) -> Idea | None:
        typed = self.cleaned_data["better"].strip().rstrip("/")
        if not typed:
            return None
        number = typed.rpartition("/")[2]
        known = Idea.objects.shown().filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None
        if known is None:
            raise forms.ValidationError(_("There is no open idea with this address."))
        return known


class NoticeForm(forms.ModelForm):
    class Meta:
        model = IdeaNotice
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 5, "data-count": 600})}
