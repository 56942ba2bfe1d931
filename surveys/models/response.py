"""What one person answered: a response, an answer for each question, and files they sent along."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Contribution
from surveys.models.question import Question
from surveys.models.survey import Survey


class ResponseQuerySet(models.QuerySet["Response"]):
    def sent(self) -> ResponseQuerySet:
        return self.filter(completed_at__isnull=False)


class Response(models.Model):
    """One person's way through one survey, from the first answer on. The database allows one for each person."""

    activity = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("person"), null=True, related_name="survey_responses"
    )
    guest_key = models.CharField(max_length=40, blank=True, editable=False)
    contribution = models.OneToOneField(Contribution, models.PROTECT, null=True, related_name="survey_response")
    channel = models.CharField(
        _("channel"), max_length=10, choices=Contribution.Channel, default=Contribution.Channel.WEB
    )
    by_guest = models.BooleanField(_("without an account"), default=False)
    language = models.CharField(_("language"), max_length=5)
    seed = models.BigIntegerField(editable=False)
    started_at = models.DateTimeField(_("started"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)
    completed_at = models.DateTimeField(_("sent"), null=True, editable=False)
    measured = models.JSONField(default=dict, editable=False)  # region, gender, age: as answered when quotas were asked
    over_quota = models.BooleanField(_("beyond a quota"), default=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"], condition=Q(person__isnull=False), name="response_one_for_each_person"
            ),
            models.UniqueConstraint(
                fields=["activity", "guest_key"], condition=~Q(guest_key=""), name="response_one_for_each_guest"
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "id"], condition=Q(completed_at__isnull=False), name="response_sent")
        ]

    def __str__(self) -> str:
        return str(_("Response %(n)s") % {"n": self.pk})


class Answer(models.Model):
    """The answer to one version of one question. `counts` is off while conditions hide the question."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.JSONField()
    counts = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once")]
        indexes = [models.Index(fields=["question"], condition=Q(counts=True), name="answer_that_counts")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.value}"


class Attachment(models.Model):
    """A file somebody sent as an answer, made harmless, kept with its answer in the one place that is backed up."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="attachments")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=40)
    content = models.BinaryField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=Q(content_type__in=["image/jpeg", "image/png", "application/pdf"]),
                name="attachment_of_a_safe_type",
            )
        ]

    def __str__(self) -> str:
        return self.name
