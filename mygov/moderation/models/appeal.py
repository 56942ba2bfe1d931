"""An author disagrees with a decision. One appeal a decision; somebody else than before answers it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from mygov.moderation.models.decision import Decision


class AppealQuerySet(models.QuerySet["Appeal"]):
    def waiting(self) -> AppealQuerySet:
        return self.filter(answer=None)


class Appeal(models.Model):
    """`answer` is the decision that answered it; `granted` whether the author was right."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    words = models.TextField(_("why the decision is wrong"))
    at = models.DateTimeField(db_default=Now(), editable=False)
    answer = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="answers")
    granted = models.BooleanField(null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=None, granted=None) | Q(answer__isnull=False, granted__isnull=False),
                name="appeal_answered_one_way",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="appeal_says_why"),
        ]
        indexes = [models.Index(fields=["decision"], condition=Q(answer=None), name="appeal_waiting")]
        triggers = [
            # The database itself refuses whoever answers an appeal against their own decision.
            pgtrigger.Trigger(
                name="somebody_else_answers", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM moderation_decision a JOIN moderation_decision d ON d.by_id = a.by_id
                               WHERE a.id = NEW.answer_id AND d.id = NEW.decision_id) THEN
                      RAISE EXCEPTION 'an appeal is answered by somebody else' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words[:80]
