"""What was decided: a record of its own, beside the activity's state and window."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from commons.activities.models.activity import Activity
from commons.core.markdown import to_html


@pghistory.track()
class Outcome(models.Model):
    """Written by one official, published by another; everyone who spoke is told."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="outcome")
    headline = I18nCharField(_("in one sentence"), max_length=200, help_text=_("What changed because of citizens."))
    body = I18nTextField(_("what was decided"), help_text=_("Markdown: what was adopted, what was not, and why."))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            models.CheckConstraint(
                condition=Q(approver=None) | Q(author=None) | ~Q(approver=models.F("author")),
                name="outcome_approved_by_somebody_else",
            )
        ]

    def __str__(self) -> str:
        return str(self.headline)

    @property
    def body_html(self) -> str:
        return to_html(str(self.body), official=True)
