"""A decision that chance drew for a second moderator, and what they thought without knowing it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from mygov.moderation.models.decision import Decision


class SecondReview(models.Model):
    """`agrees` says whether both came to the same; it stays empty for whoever could not say."""

    class Opinion(models.TextChoices):
        SHOW = "show", _("It should be shown")
        HIDE = "hide", _("It should not be shown")
        UNSURE = "unsure", _("I cannot say")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="second_review")
    drawn_at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opinion = models.CharField(max_length=6, choices=Opinion, blank=True, db_default="")
    words = models.CharField(max_length=500, blank=True, db_default="")
    at = models.DateTimeField(null=True, editable=False)
    agrees = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("second opinion")
        verbose_name_plural = _("second opinions")
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None, opinion="", at=None, agrees=None)
                | Q(by__isnull=False, opinion="unsure", at__isnull=False, agrees=None)
                | Q(by__isnull=False, opinion__in=["show", "hide"], at__isnull=False, agrees__isnull=False),
                name="review_whole_or_not_at_all",
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(opinion=""), name="review_waiting"),
            models.Index(fields=["at"], condition=Q(at__isnull=False), name="review_at"),
        ]
        triggers = [
            # The database itself refuses whoever looks at their own decision a second time.
            pgtrigger.Trigger(
                name="somebody_else_looks", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM moderation_decision d WHERE d.id = NEW.decision_id AND d.by_id = NEW.by_id) THEN
                      RAISE EXCEPTION 'a second opinion is somebody else''s' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="opinion_stays", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__by__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.get_opinion_display()}"
