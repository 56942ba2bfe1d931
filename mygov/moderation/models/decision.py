"""What a moderator decided. The rows stay: a changed mind is a new one."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity
from discussions.models import Idea
from mygov.moderation.models.case import Case
from mygov.moderation.reasons import Reason


class DecisionQuerySet(models.QuerySet["Decision"]):
    def against(self) -> DecisionQuerySet:
        """What took somebody's text out of sight, and was not taken back or reversed since."""
        What = Decision.What
        later = Decision.objects.filter(case=OuterRef("case"), turn__gt=OuterRef("turn"))
        reversed_since = Exists(later.filter(what__in=[What.RESTORE, What.UNDO]))
        return self.filter(~reversed_since, what__in=[What.HIDE, What.REMOVE, What.REJECT])


class Decision(models.Model):
    """One decision on one case, under the versions of the public rules and of the screening rules that held then."""

    class What(models.TextChoices):
        APPROVE = "approve", _("Approved")
        HIDE = "hide", _("Hidden")
        REMOVE = "remove", _("Removed for legal reasons")
        REJECT = "reject", _("Idea not accepted")
        RESTORE = "restore", _("Shown again")
        FLAG = "flag", _("A second moderator has to look")
        PARK = "park", _("Waits for an answer of its author")
        ASK = "ask", _("A moderator of the platform was asked to hide it")
        ESCALATE = "escalate", _("Handed up")
        UNDO = "undo", _("Taken back")
        UPHOLD = "uphold", _("The decision stands")

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="+")
    turn = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(_("decision"), max_length=10, choices=What)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    words = models.TextField(_("words for the author"), blank=True)
    rules_version = models.CharField(max_length=10)
    # The screening rules that had brought it here, each with its version: as `Case.findings` was.
    findings = models.JSONField(default=list, db_default=[])
    at = models.DateTimeField(db_default=Now(), editable=False)
    waiting_since = models.DateTimeField(null=True, editable=False)  # when the case had come before moderators

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "turn"], name="decision_once_a_turn"),
            models.CheckConstraint(
                condition=~Q(what__in=["hide", "remove", "reject", "ask"]) | ~Q(reason=""),
                name="decision_against_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(what__in=["hide", "remove", "ask", "flag", "park", "escalate", "uphold"]) | ~Q(words=""),
                name="decision_has_words",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="decision_at")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # The database itself refuses whoever decides what somebody else has open.
            pgtrigger.Trigger(
                name="not_taken", when=pgtrigger.Before, operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM moderation_case c WHERE c.id = NEW.case_id
                               AND c.taken_by_id <> NEW.by_id AND c.taken_until > clock_timestamp()) THEN
                      RAISE EXCEPTION 'case % is taken by somebody else', NEW.case_id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.words[:60]}"

    @property
    def reason_label(self) -> str:
        """The reason in words: a rule of the conversation, or why an idea was not accepted."""
        codes = Idea.Rejected.choices if self.what == self.What.REJECT else Reason.choices
        return str(dict(codes).get(self.reason, ""))
