"""One decision on many cases: what was chosen, how far it is, and what each case was like before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mygov.moderation.models.case import Case
from mygov.moderation.models.decision import Decision
from mygov.moderation.reasons import Reason

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


class BulkQuerySet(models.QuerySet["BulkDecision"]):
    def visible_to(self, user: User | AnonymousUser) -> BulkQuerySet:
        """One's own; for moderators of the platform everybody's."""
        from mygov.moderation import rules

        if not user.is_authenticated or not rules.moderates(user):
            return self.none()
        return self if rules.level_of(user) else self.filter(by=user)

    def to_work_on(self) -> BulkQuerySet:
        """Something is left to do, and nobody does it at this moment."""
        free = Q(worked_until=None) | Q(worked_until__lte=Now())
        return self.filter(free, state__in=[BulkDecision.State.RUNNING, BulkDecision.State.UNDOING])


class BulkDecision(models.Model):
    """Drawn up first, with the cases it is about; it decides nothing before it is confirmed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Preview: nothing is decided yet")
        DROPPED = "dropped", _("Dropped")
        RUNNING = "running", _("Being decided")
        DONE = "done", _("Decided")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=Decision.What)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    words = models.TextField(blank=True)
    asked = models.JSONField(default=dict)  # the filter it was drawn up from; empty for a selection
    left_out = models.JSONField(default=dict)  # how many fitted and are not in it, by why
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    total = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    worked_until = models.DateTimeField(null=True)  # a worker has it until then

    objects = BulkQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk decision")
        verbose_name_plural = _("bulk decisions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["undoing", "undone"]) | Q(undone_by__isnull=False),
                name="bulk_undone_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["running", "undoing"]), name="bulk_to_work_on"),
            models.Index(fields=["by", "-id"], name="bulk_by"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.total})"

    def get_absolute_url(self) -> str:
        return reverse("moderation:bulk_item", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in {self.State.RUNNING, self.State.UNDOING}

    @property
    def finished(self) -> int:
        """How many of its cases are done with, in the direction it goes now."""
        return self.undone + self.kept if self.state == self.State.UNDOING else self.decided + self.skipped

    @property
    def to_do(self) -> int:
        return self.decided + self.undone + self.kept if self.state == self.State.UNDOING else self.total


class BulkItem(models.Model):
    """One case in it. `before` is what it was like, so that taking it back restores exactly that."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waits")
        DECIDED = "decided", _("Decided")
        SKIPPED = "skipped", _("Left as it was")
        UNDONE = "undone", _("Taken back")
        KEPT = "kept", _("Not taken back: somebody changed it since")

    class Why(models.TextChoices):
        DECIDED = "decided", _("somebody decided meanwhile")
        TAKEN = "taken", _("a colleague has it open")
        REFUSED = "refused", _("not yours to decide")

    bulk = models.ForeignKey(BulkDecision, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    seen = models.PositiveSmallIntegerField()  # the case's turn when it was drawn up
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    why = models.CharField(max_length=8, choices=Why, blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="bulk_item")
    before = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("case of a bulk decision")
        verbose_name_plural = _("cases of a bulk decision")
        constraints = [
            models.UniqueConstraint(fields=["bulk", "case"], name="bulk_case_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "skipped"], decision=None)
                | Q(outcome__in=["decided", "undone", "kept"], decision__isnull=False),
                name="bulk_item_has_its_decision",
            ),
        ]
        indexes = [models.Index(fields=["bulk", "outcome", "id"], name="bulk_item_outcome")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.get_outcome_display()}"
