"""Somebody says that a text breaks the rules."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity
from mygov.moderation.models.case import Case
from mygov.moderation.reasons import Reason


class Report(models.Model):
    """One person's report of one text. `weight` is their trust when they reported; `upheld` what came of it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="+")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    words = models.CharField(_("in your words"), max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(db_default=Now(), editable=False)
    handled_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [models.UniqueConstraint(fields=["case", "reporter"], name="report_once")]
        indexes = [models.Index(fields=["reporter", "-id"], name="report_reporter")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.words[:60]}"
