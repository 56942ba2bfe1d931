"""What people answer: to one clause, quoting it where they like, or to the whole document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Contribution
from consultations.models.consultation import Consultation
from consultations.models.draft import Clause, Draft

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


class Standing(models.TextChoices):
    """Whether others see it. What is held or hidden is counted and answered all the same."""

    VISIBLE = "visible", _("Shown")
    HELD = "held", _("Waiting for a moderator")
    HIDDEN = "hidden", _("Hidden by a moderator")
    REMOVED = "removed", _("Taken back")


class ResponseQuerySet(models.QuerySet["Annotation"]):
    def given(self) -> ResponseQuerySet:
        """What officials answer: all but what was taken back."""
        return self.exclude(state=Standing.REMOVED)

    def visible_to(self, user: User | AnonymousUser) -> ResponseQuerySet:
        """The public's, and one's own."""
        public = Q(state=Standing.VISIBLE)
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(author=user)).exclude(state=Standing.REMOVED)


class Annotation(models.Model):
    """One person's answer to one clause. `exact`, `prefix` and `suffix` are a W3C TextQuoteSelector; empty: the whole clause."""

    State = Standing

    class Stance(models.TextChoices):
        SUPPORT = "support", _("Keep it as it is")
        AMEND = "amend", _("It should read differently")
        OPPOSE = "oppose", _("Leave it out")
        ASK = "ask", _("I have a question")

    activity = models.ForeignKey(Consultation, models.PROTECT, related_name="annotations")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="annotations")
    root = models.ForeignKey(Clause, models.PROTECT, related_name="+")  # the clause of the top level it lies in
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="annotations")  # the version it was said of
    counted_at = ArrayField(models.BigIntegerField())  # the clause and what it lies in: where it is counted
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    contribution = models.OneToOneField(Contribution, models.PROTECT, related_name="annotation")
    stance = models.CharField(_("stance"), max_length=8, choices=Stance)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=40, blank=True)
    suffix = models.CharField(max_length=40, blank=True)
    proposed = models.TextField(_("how it should read"), blank=True)
    body = models.TextField(_("why"), blank=True)
    language = models.CharField(max_length=5)
    theme = models.ForeignKey("Theme", models.SET_NULL, null=True, related_name="annotations")
    campaign = models.ForeignKey("Campaign", models.SET_NULL, null=True, related_name="annotations")
    clarification = models.ForeignKey("Clarification", models.SET_NULL, null=True, related_name="questions")
    state = models.CharField(max_length=8, choices=Standing, default=Standing.VISIBLE)
    state_reason = models.CharField(max_length=20, blank=True)
    state_words = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response to a clause")
        verbose_name_plural = _("responses to clauses")
        constraints = [
            models.UniqueConstraint(fields=["author", "clause"], name="annotation_once_a_person"),
            models.CheckConstraint(
                condition=~Q(stance="amend") | ~Q(proposed="") | Q(state="removed"), name="annotation_amends_with_words"
            ),
        ]
        indexes = [
            models.Index(fields=["clause", "-id"], name="annotation_of_a_clause"),
            models.Index(fields=["activity", "id"], name="annotation_of_a_law"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {(self.body or self.proposed or self.exact)[:80]}"

    def get_absolute_url(self) -> str:
        return f"{reverse('consultations:clause', args=[self.activity.slug, self.clause_id])}#r{self.pk}"


class Submission(models.Model):
    """An answer to the whole document, by a person or an organisation, as text or a file. One for each person."""

    State = Standing

    class By(models.TextChoices):
        PERSON = "person", _("Myself")
        ORGANISATION = "organisation", _("An organisation")

    activity = models.ForeignKey(Consultation, models.PROTECT, related_name="submissions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    contribution = models.OneToOneField(Contribution, models.PROTECT, related_name="submission")
    by = models.CharField(_("for whom do you speak?"), max_length=12, choices=By, default=By.PERSON)
    organisation = models.CharField(_("name of the organisation"), max_length=160, blank=True)
    interest = models.TextField(_("interest in the matter"), blank=True, max_length=1000)
    body = models.TextField(_("your response"), blank=True, max_length=50_000)
    language = models.CharField(max_length=5)
    confidential = models.BooleanField(_("confidential"), default=False)
    theme = models.ForeignKey("Theme", models.SET_NULL, null=True, related_name="submissions")
    state = models.CharField(max_length=8, choices=Standing, default=Standing.VISIBLE)
    state_reason = models.CharField(max_length=20, blank=True)
    state_words = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("response to the whole")
        verbose_name_plural = _("responses to the whole")
        constraints = [
            models.UniqueConstraint(fields=["author", "activity"], name="submission_once_a_person"),
            models.CheckConstraint(
                condition=Q(by="person") | (~Q(organisation="") & ~Q(interest="")) | Q(state="removed"),
                name="submission_organisation_discloses",
            ),
        ]
        indexes = [models.Index(fields=["activity", "-id"], name="submission_of_a_law")]

    def __str__(self) -> str:
        return self.organisation or self.body[:80] or str(self.contribution)

    def get_absolute_url(self) -> str:
        return reverse("consultations:submissions", args=[self.activity.slug])


class Placement(models.Model):
    """Where a response stands in a later version. Unplaced ones are kept, counted and answered like all others."""

    class How(models.TextChoices):
        EXACT = "exact", _("Word for word")
        FUZZY = "fuzzy", _("Nearly so")
        UNPLACED = "unplaced", _("Its words are gone")
        HAND = "hand", _("By an official's hand")

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="placements")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="placements")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=8, choices=How)
    begin = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annotation", "draft"], name="placement_once_a_draft")]

    def __str__(self) -> str:
        return f"{self.annotation_id} in {self.draft_id}: {self.how}"
