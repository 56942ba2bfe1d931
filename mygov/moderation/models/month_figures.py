"""What moderators did in a month, counted once an hour, so that no page ever counts decisions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.directory.models import Institution


class MonthFigures(models.Model):
    """One month: of everything, of one institution, or of one reason. Null means all of them.

    `reason` is a code of the rules, `idea_` and why an idea was not accepted, or empty when nothing was suspected.
    """

    month = models.DateField()  # its first day, in India
    institution = models.ForeignKey(Institution, models.CASCADE, null=True, related_name="+")
    reason = models.CharField(max_length=30, null=True)
    shown = models.PositiveIntegerField(default=0)
    hidden = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    upheld = models.PositiveIntegerField(default=0)
    median_minutes = models.PositiveIntegerField(null=True)
    appeals = models.PositiveIntegerField(default=0)
    appeals_won = models.PositiveIntegerField(default=0)
    second_opinions = models.PositiveIntegerField(default=0)
    second_agreed = models.PositiveIntegerField(default=0)
    folded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("figures of a month")
        verbose_name_plural = _("figures of months")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "institution", "reason"], name="figures_once_a_month", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def decided(self) -> int:
        return self.shown + self.hidden + self.removed + self.rejected + self.upheld
