"""What people wrote in their own words, sorted by hand into themes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from surveys.models.question import Question
from surveys.models.response import Answer


class Theme(models.Model):
    """One thing that many say, of one question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="themes")
    name = models.CharField(_("theme"), max_length=80)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["question", "name"], name="survey_theme_once")]

    def __str__(self) -> str:
        return self.name


class Coded(models.Model):
    """An analyst put an answer under a theme; with none, the answer was read and fits nowhere."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="coded")
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="coded")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("coded answer")
        verbose_name_plural = _("coded answers")
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "theme"], nulls_distinct=False, name="answer_under_a_survey_theme_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.theme_id}"
