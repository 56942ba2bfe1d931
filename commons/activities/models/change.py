"""The public change log of an activity: what changed after it opened, and why."""

from datetime import date, datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from commons.activities.kinds import kind
from commons.activities.models.activity import Activity
from commons.core.moments import day, ist

NOTHING = "–"
LENGTH_OF_A_DAY = len("2027-03-12")


class ActivityChange(models.Model):
    """One change citizens can see. Shows the institution, not the official; the database refuses edits."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="changes")
    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=40)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"

    @property
    def shown_field(self) -> str:
        """The field's name as forms call it."""
        return kind(self.activity.kind).label_of(self.field)

    @property
    def shown_before(self) -> str:
        return shown(self.before)

    @property
    def shown_after(self) -> str:
        return shown(self.after)


def shown(value: Any) -> str:
    """A stored value for people: a text in their language, a day, a moment in India's time."""
    if isinstance(value, dict):
        return str(LazyI18nString(value)) or NOTHING
    try:
        if isinstance(value, str) and len(value) == LENGTH_OF_A_DAY:
            return day(date.fromisoformat(value))
        return ist(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value) if value not in {None, ""} else NOTHING
