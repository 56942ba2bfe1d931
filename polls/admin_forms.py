"""What officials type about a poll: how people vote, and the options."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.activities.admin_forms import ActivityForm, ReviseForm
from polls.models import Option, Picture, Poll
from polls.pictures import Made, remake

Method = Poll.Method


class PollForm(ActivityForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        method, most = cleaned.get("method"), cleaned.get("most")
        if method == Method.BUDGET and not cleaned.get("budget") and "budget" not in self.errors:
            self.add_error("budget", _("Say what may be spent in all."))
        shut = cleaned.get("members_only") or cleaned.get("residents_only") or (cleaned.get("min_level") or 0) > 1
        if cleaned.get("guests") and shut:
            self.add_error(
                "guests", _("Guests cannot vote where only some people may. Open it to everybody, or leave this off.")
            )
        if most and method not in {Method.MULTIPLE, Method.DOTS}:
            cleaned["most"] = None
        return cleaned


class OptionForm(forms.ModelForm):
    """One option. Its number is given when it is saved, and stays."""

    upload = forms.FileField(
        label=_("Picture"), required=False, help_text=_("JPEG, PNG or WebP. Needed when people choose a picture.")
    )

    class Meta:
        model = Option
        fields = ["label", "about", "cost", "upload", "alt"]

    def clean_upload(self) -> Made | None:
        upload = self.cleaned_data.get("upload")
        return remake(upload, upload.size) if upload else None

    def keep_picture(self) -> None:
        """Once the option has its row."""
        made = self.cleaned_data.get("upload")
        if made:
            values = {"webp": made.webp, "width": made.width, "height": made.height}
            Picture.objects.update_or_create(option=self.instance, defaults=values)


class ReviseOpenForm(ReviseForm):
    """Once a poll is open, its question stays; the promise can still be made more precise, in public."""

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        super().__init__(data, thing=thing)
        if thing.state == Poll.State.PUBLISHED and thing.phase() != Poll.Phase.SCHEDULED:
            for name in ("title", "summary", "body"):
                del self.fields[name]
