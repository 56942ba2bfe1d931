"""A survey: questions in sections, answered by each person once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity

OFFICIALS_FIRST = timedelta(hours=48)  # then citizens see the results too, whatever anybody does


class Results(models.TextChoices):
    """When citizens see the results."""

    ALWAYS = "always", _("At any time")
    AFTER_CLOSE = "after_close", _("After it has closed")
    OFFICIALS_FIRST = "officials_first", _("Officials first, and everybody 48 hours after it has closed")


class Survey(Activity):
    """Questions, who may answer them, and when the results are shown."""

    Results = Results

    guests = models.BooleanField(
        _("people without an account may answer"), default=False, help_text=_("They are counted separately.")
    )
    editable = models.BooleanField(
        _("answers can be changed until it closes"),
        default=True,
        help_text=_("Else they are fixed once they are sent."),
    )
    results = models.CharField(_("results for citizens"), max_length=15, choices=Results, default=Results.AFTER_CLOSE)

    census = models.ForeignKey(
        "surveys.CensusTable", models.SET_NULL, verbose_name=_("census table for weights"), null=True, blank=True, related_name="+"
    )  # fmt: skip
    soft_launch = models.PositiveSmallIntegerField(
        _("pause after so many responses"), default=0,
        help_text=_("A trial run: then nobody new begins until an approver has looked at the first responses. 0: no pause."),
    )  # fmt: skip
    soft_launch_passed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")

    def results_from(self) -> datetime | None:
        """From when on citizens see the results; None while that is not known."""
        if self.results == Results.ALWAYS:
            return self.opens_at
        if self.closes_at and self.results == Results.OFFICIALS_FIRST:
            return self.closes_at + OFFICIALS_FIRST
        return self.closes_at

    def is_paused(self) -> bool:
        """Whether its trial run is over and nobody has looked at it yet."""
        if not self.soft_launch or self.soft_launch_passed_at:
            return False
        sent = self.responses.filter(completed_at__isnull=False).values_list("pk")  # type: ignore[attr-defined]
        return len(sent[: self.soft_launch]) >= self.soft_launch

    def shows_results(self, at: datetime) -> bool:
        """Whether citizens see the results at that moment."""
        begins = self.results_from()
        return begins is not None and begins <= at
