"""An idea of a citizen in the open forum: brought, sponsored, supported, answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Contribution
from commons.core.cleaning import validate_name
from commons.directory.models import Institution, Region, Sector
from commons.integrity.models import CheckedVote
from discussions.models.discussion import Discussion

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


SPONSORS_WITHIN = timedelta(days=90)  # then an idea without sponsors stops
OPEN_FOR = timedelta(days=182)  # six months


class State(models.TextChoices):
    """Where an idea stands by decision. Whether it is still open is the clock's (`closes_at`), never stored."""

    PENDING = "pending", _("Looking for sponsors")
    SPONSORED = "sponsored", _("Has its sponsors, waits for a moderator")
    FLAGGED = "flagged", _("A second moderator looks at it")
    DORMANT = "dormant", _("Waits for its author")
    OPEN = "open", _("Open")
    RETIRED = "retired", _("Laid down by its author")
    REJECTED = "rejected", _("Not accepted")
    STOPPED = "stopped", _("Found no sponsors in time")
    HELD = "held", _("Waiting for a moderator")
    HIDDEN = "hidden", _("Hidden by a moderator")


# Reached by its address, or in lists as well. Held and hidden ones are their author's only.
PUBLIC = [
    State.PENDING, State.SPONSORED, State.FLAGGED, State.DORMANT, State.OPEN, State.RETIRED, State.REJECTED, State.STOPPED,
]  # fmt: skip
FOR_MODERATORS = [State.HELD, State.SPONSORED, State.FLAGGED, State.DORMANT]


class IdeaQuerySet(models.QuerySet["Idea"]):
    def shown(self) -> IdeaQuerySet:
        """In lists: whoever has not found sponsors yet is reached by its address only."""
        return self.filter(state=State.OPEN)

    def waiting_for_moderators(self) -> IdeaQuerySet:
        return self.filter(state__in=FOR_MODERATORS)

    def to_answer(self) -> IdeaQuerySet:
        """Owed a written answer, and not answered yet."""
        return self.filter(state=State.OPEN, answer_due__isnull=False, answered_at=None)

    def visible_to(self, user: User | AnonymousUser) -> IdeaQuerySet:
        public = Q(state__in=PUBLIC)
        return self.filter(public | Q(author=user)) if user.is_authenticated else self.filter(public)


class Idea(models.Model):
    """`support_count` is folded from `IdeaTally`, as votes on comments are."""

    State = State

    class Retired(models.TextChoices):
        DUPLICATE = "duplicate", _("Somebody else brought it too.")
        STARTED = "started", _("It has been started.")
        DONE = "done", _("It has been done.")
        UNFEASIBLE = "unfeasible", _("It cannot be done.")
        OTHER = "other", _("Another reason.")

    class Rejected(models.TextChoices):
        """Why an idea was not accepted; everybody reads it."""

        DUPLICATE = "duplicate", _("The same idea is open already.")
        UNCLEAR = "unclear", _("It is not clear what should be done.")
        NOT_OURS = "not_ours", _("It is not for a government to decide.")
        STARTED = "started", _("It is being done already.")
        COURT = "court", _("A court is deciding it.")
        PERSONAL = "personal", _("It is about one person's case.")
        RULES = "rules", _("It breaks the rules of the conversation.")

    activity = models.ForeignKey(Discussion, models.PROTECT, related_name="ideas")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="ideas")
    contribution = models.OneToOneField(Contribution, models.PROTECT, related_name="idea")
    title = models.CharField(_("title"), max_length=80, validators=[validate_name])
    ask = models.CharField(_("what should be done"), max_length=300)
    detail = models.TextField(_("why, and how"), max_length=800, blank=True)  # longer where it was brought in
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
    institution = models.ForeignKey(
        Institution, models.PROTECT, verbose_name=_("institution that answers"), related_name="ideas"
    )
    better = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("support this one instead"), null=True, blank=True, related_name="+"
    )
    support_count = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0, db_default=0)  # support not counted while it is checked
    left_out = models.PositiveIntegerField(default=0, db_default=0)  # support that was checked and stays out
    imported_support = models.PositiveIntegerField(default=0)  # of another platform, known only as a number
    sponsored_at = models.DateTimeField(null=True)  # the moderators' clock starts
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    acknowledge_due = models.DateField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    hearing_earned_at = models.DateTimeField(_("earned a hearing"), null=True)
    escalated_at = models.DateTimeField(null=True)  # among the month's first
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
            models.Index(
                fields=["sponsored_at", "id"],
                condition=Q(state__in=["sponsored", "flagged", "dormant"]),
                name="idea_moderated",
            ),
            GinIndex(fields=["title", "ask"], opclasses=["gin_trgm_ops", "gin_trgm_ops"], name="idea_similar"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("discussions:idea", args=[self.pk])

    @property
    def reason_words(self) -> str:
        """The public reason of an idea that was laid down or not accepted; empty otherwise."""
        codes = {State.RETIRED: self.Retired, State.REJECTED: self.Rejected}.get(State(self.state))
        return str(dict(codes.choices).get(self.state_reason, "")) if codes else ""

    @property
    def takes_comments(self) -> bool:
        return self.state in {State.PENDING, State.SPONSORED, State.FLAGGED, State.DORMANT, State.OPEN}

    def takes_support(self, at: datetime) -> bool:
        """Whether people may support it at that moment; the insert asks the database's clock again."""
        if self.state == State.OPEN:
            return self.closes_at is None or at < self.closes_at
        return self.state in {State.PENDING, State.SPONSORED} and at < self.created_at + SPONSORS_WITHIN


class Support(CheckedVote):
    """One person supports one idea; while it is pending that makes them a sponsor."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="supports")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="idea_supports")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "person"], name="support_once")]
        indexes = [BrinIndex(fields=["at"], name="support_at")]

    def __str__(self) -> str:
        return f"{self.person_id} supports {self.idea_id}"


class IdeaTally(models.Model):
    """A difference not yet folded into an idea's support."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="tallies", db_constraint=False)
    difference = models.SmallIntegerField()
    aside = models.SmallIntegerField(default=0, db_default=0)
    left_out = models.SmallIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.difference:+d}"


class IdeaNotice(models.Model):
    """What an author tells everybody who supports the idea; at most one in three days."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="notices")
    words = models.CharField(_("what you want to tell"), max_length=600)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("notice to supporters")
        verbose_name_plural = _("notices to supporters")

    def __str__(self) -> str:
        return self.words[:80]


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
