"""What was learned from moderators' decisions in one language, and how right it was about those it had not seen."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from mygov.moderation.reasons import Reason

ENOUGH = 200  # decisions
ENOUGH_OF_EACH = 20  # hidden ones, and approved ones
PRECISE = 0.8  # of what it would have held, this share had to be right


class LearnedFilter(models.Model):
    """The newest of its language is asked. `weights` is the log-odds of a word: above 0 speaks for hiding.

    The figures are counts of decisions that were held out: `found` were hidden and marked, `missed` hidden and not
    marked, `wronged` approved and marked, `passed` approved and not marked.
    """

    language = models.CharField(max_length=5)
    trained_at = models.DateTimeField(db_default=Now(), editable=False)
    newest_decision = models.PositiveBigIntegerField()  # of those it learned from
    hidden = models.PositiveIntegerField()
    approved = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=Reason)  # for which most of the hidden ones were hidden
    bias = models.FloatField()
    weights = models.JSONField()
    marked_from = models.PositiveSmallIntegerField()  # per cent: from where on a text counted as marked
    found = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    wronged = models.PositiveIntegerField()
    passed = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("learned filter")
        verbose_name_plural = _("learned filters")
        indexes = [models.Index(fields=["language", "-id"], name="filter_newest")]

    def __str__(self) -> str:
        return f"{self.language} {self.trained_at:%Y-%m-%d}"

    @property
    def decisions(self) -> int:
        return self.hidden + self.approved

    @property
    def held_out(self) -> int:
        return self.found + self.missed + self.wronged + self.passed

    @property
    def marked(self) -> int:
        return self.found + self.wronged

    @property
    def hidden_held_out(self) -> int:
        return self.found + self.missed

    @property
    def precision(self) -> float | None:
        """Of those it marked, the share that had been hidden. None when it marked none."""
        return self.found / self.marked if self.marked else None

    @property
    def recall(self) -> float | None:
        """Of those that had been hidden, the share it marked. None when none had been hidden."""
        return self.found / self.hidden_held_out if self.hidden_held_out else None

    @property
    def lacks(self) -> str:
        """Why it is off; empty when it may hold texts."""
        if self.decisions < ENOUGH:
            said = _("It needs %(enough)s decisions; there are %(n)s.")
            return str(said % {"enough": ENOUGH, "n": self.decisions})
        if min(self.hidden, self.approved) < ENOUGH_OF_EACH:
            return str(_("It has too few decisions to learn from."))
        if (self.precision or 0) < PRECISE:
            return str(_("It was wrong too often about decisions it had not seen."))
        return ""
