"""An idea of a citizen in the open forum: brought, sponsored, supported, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Contribution
from commons.core.cleaning import validate_name
from commons.directory.models import Region, Sector
from discussions.models.discussion import Discussion

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


class State(models.TextChoices):
    PENDING = "pending", _("Looking for sponsors")
    OPEN = "open", _("Open")
    RETIRED = "retired", _("Retired by its author")
    REJECTED = "rejected", _("Not accepted")
    HELD = "held", _("Waiting for a moderator")
    HIDDEN = "hidden", _("Hidden by a moderator")


class IdeaQuerySet(models.QuerySet["Idea"]):
    def shown(self) -> IdeaQuerySet:
        """In lists: whoever has not found sponsors yet is reached by its address only."""
        return self.filter(state=State.OPEN)

    def visible_to(self, user: User | AnonymousUser) -> IdeaQuerySet:
        public = Q(state__in=[State.PENDING, State.OPEN, State.RETIRED, State.REJECTED])
        return self.filter(public | Q(author=user)) if user.is_authenticated else self.filter(public)


class Idea(models.Model):
    """`support_count` is folded from `IdeaTally`, as votes on comments are."""

    State = State

    class Retired(models.TextChoices):
        DUPLICATE = "duplicate", _("Somebody else brought it too")
        STARTED = "started", _("It has been started")
        DONE = "done", _("It has been done")
        UNFEASIBLE = "unfeasible", _("It cannot be done")
        OTHER = "other", _("Another reason")

    activity = models.ForeignKey(Discussion, models.PROTECT, related_name="ideas")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="ideas")
    contribution = models.OneToOneField(Contribution, models.PROTECT, related_name="idea")
    title = models.CharField(_("title"), max_length=80, validators=[validate_name])
    ask = models.CharField(_("what should be done"), max_length=300)
    detail = models.CharField(_("why, and how"), max_length=800, blank=True)
    detail_html = models.TextField(editable=False, blank=True)
    language = models.CharField(max_length=5, default="en")
    sector = models.ForeignKey(
        Sector, models.SET_NULL, verbose_name=_("subject"), null=True, blank=True, related_name="+"
    )
    region = models.ForeignKey(
        Region, models.SET_NULL, verbose_name=_("region"), null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    state_reason = models.CharField(max_length=20, blank=True)
    state_words = models.TextField(blank=True)
    support_count = models.PositiveIntegerField(default=0)
    imported_support = models.PositiveIntegerField(default=0)  # of another platform, known only as a number
    opened_at = models.DateTimeField(null=True)
    answer_due = models.DateField(_("answer due"), null=True)
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        indexes = [
            models.Index(fields=["-support_count", "-id"], condition=Q(state="open"), name="idea_supported"),
            models.Index(fields=["-id"], condition=Q(state="open"), name="idea_newest"),
            GinIndex(fields=["title", "ask"], opclasses=["gin_trgm_ops", "gin_trgm_ops"], name="idea_similar"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("discussions:idea", args=[self.pk])


class Support(models.Model):
    """One person supports one idea; while it is pending that makes them a sponsor."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="supports")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="idea_supports")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "person"], name="support_once")]

    def __str__(self) -> str:
        return f"{self.person_id} supports {self.idea_id}"


class IdeaTally(models.Model):
    """A difference not yet folded into an idea's support."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="tallies", db_constraint=False)
    difference = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.difference:+d}"


class IdeaResponse(models.Model):
    """The institution's written answer: written by one official, published by another."""

    idea = models.OneToOneField(Idea, models.PROTECT, related_name="response")
    summary = models.CharField(_("in short"), max_length=200)
    details = models.TextField(_("in full"), max_length=6000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("answer to an idea")
        verbose_name_plural = _("answers to ideas")
        constraints = [
            models.CheckConstraint(
                condition=Q(approver=None) | Q(author=None) | ~Q(approver=models.F("author")),
                name="response_approved_by_somebody_else",
            )
        ]

    def __str__(self) -> str:
        return self.summary


class ResponsePoint(models.Model):
    """One point of the idea, and the answer to it."""

    response = models.ForeignKey(IdeaResponse, models.CASCADE, related_name="points")
    point = models.CharField(_("point"), max_length=300)
    answer = models.CharField(_("answer"), max_length=1000)

    class Meta:
        ordering = ["id"]
        verbose_name = _("point")
        verbose_name_plural = _("points")

    def __str__(self) -> str:
        return self.point
