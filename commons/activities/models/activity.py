"""An Activity is anything citizens can take part in. A kind (discussion, poll …) adds only what differs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from commons.core import clock
from commons.core.addresses import address
from commons.core.markdown import to_html
from commons.directory.models import Institution, Region, Sector
from commons.directory.rules import institutions_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("Waiting for approval")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Phase(models.TextChoices):
    """Where a published activity stands by the clock. Never stored."""

    SCHEDULED = "scheduled", _("Opens soon")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


type PhaseNow = Phase  # inside Activity the name Phase is an attribute, which is no type


class Conversation(models.TextChoices):
    """How people talk in an activity."""

    THREAD = "thread", _("Thread: comments and replies")
    SIDES = "sides", _("For and against: two columns, no replies")
    NONE = "none", _("No conversation")


class ActivityQuerySet(models.QuerySet["Activity"]):
    def published(self, at: datetime | None = None) -> Self:
        """What the public may see: published, and the time set for publishing has come."""
        return self.filter(state=State.PUBLISHED, published_at__lte=at or Now())

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What this person may open: the public's, withdrawn ones (their page says why), their own institution's drafts."""
        public = Q(state__in=[State.PUBLISHED, State.WITHDRAWN], published_at__lte=Now())
        if not user.is_authenticated or not (user.is_staff or user.is_superuser):
            return self.filter(public)
        return self.filter(public | Q(institution__in=institutions_of(user)))

    def for_cards(self) -> ActivityQuerySet:
        """With what a card shows (commons/activities/cards.py), and no more."""
        return self.select_related("institution").only(
            "kind", "slug", "title", "opens_at", "closes_at", "outcome_at", "participant_count",
            "institution__code", "institution__name",
        )  # fmt: skip

    def for_page(self) -> Self:
        """With what the page of one activity needs: `read_at`, the database's clock, decides what it says."""
        from commons.activities.models.change import ActivityChange

        return self.select_related("institution", "group").annotate(
            read_at=Now(), has_changes=Exists(ActivityChange.objects.filter(activity=OuterRef("pk")))
        )

    def scheduled(self, at: datetime | None = None) -> Self:
        return self.published(at).filter(opens_at__gt=at or Now())

    def open(self, at: datetime | None = None) -> Self:
        moment = at or Now()
        return self.published(at).filter(Q(closes_at=None) | Q(closes_at__gt=moment), opens_at__lte=moment)

    def closed(self, at: datetime | None = None) -> Self:
        return self.published(at).filter(closes_at__lte=at or Now())

    def unanswered(self, at: datetime | None = None) -> Self:
        """Closed and without an outcome: a public list."""
        return self.closed(at).filter(outcome_at=None)

    def overdue(self, at: datetime | None = None) -> Self:
        """Promised an answer by a day that has passed."""
        return self.published(at).filter(promise_by__lt=at or Now(), outcome_at=None)


@pghistory.track(exclude=["comment_count", "participant_count", "last_activity_at"])
class Activity(models.Model):
    """One thing to take part in, in all its languages. Lifecycle: the decision, the window, the outcome.

    Nobody downcasts: feeds, search, moderation and reports use these columns only, and `kind` names the app.
    """

    State = State
    Phase = Phase
    Conversation = Conversation

    kind = models.CharField(max_length=20, editable=False)
    institution = models.ForeignKey(
        Institution, models.PROTECT, verbose_name=_("institution"), related_name="activities"
    )
    group = models.ForeignKey(
        "groups.Group", models.PROTECT, verbose_name=_("group"), null=True, blank=True, related_name="activities"
    )
    slug = models.SlugField(
        _("address"), max_length=80, unique=True, help_text=_("The last part of the page's address.")
    )
    title = I18nCharField(_("title"), max_length=160, help_text=_("What is asked, in a citizen's words."))
    summary = I18nTextField(_("summary"), help_text=_("One or two sentences, shown on cards and in mail."))
    body = I18nTextField(_("about"), blank=True, help_text=_("Markdown: headings, lists, links and tables."))
    promise = I18nTextField(
        _("promise"),
        help_text=_(
            "What the institution will do with what it hears, as in “We will answer the ten most supported points.”"
        ),
    )
    promise_by = models.DateTimeField(_("answer promised by"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True, help_text=_("Empty: stays open. India time."))
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), blank=True, related_name="activities")
    sectors = models.ManyToManyField(Sector, verbose_name=_("sectors"), blank=True, related_name="activities")
    min_level = models.PositiveSmallIntegerField(
        _("verification needed"),
        default=1,
        choices=[(0, _("None")), (1, _("One-time code")), (2, _("National ID")), (3, _("In person"))],
    )
    members_only = models.BooleanField(_("only members of the group take part"), default=False)
    conversation = models.CharField(_("conversation"), max_length=10, choices=Conversation, default=Conversation.THREAD)
    comment_limit = models.PositiveSmallIntegerField(
        _("length of a comment"),
        default=1000,
        choices=[(1000, _("1,000 characters")), (4000, _("4,000 characters, for experts"))],
    )
    residents_only = models.BooleanField(_("only people of these regions take part"), default=False)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("author"), null=True, editable=False, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("approver"),
        null=True,
        editable=False,
        related_name="+",
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    review_note = models.TextField(_("note from the approver"), blank=True, editable=False)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True, editable=False)
    opened_announced_at = models.DateTimeField(null=True, editable=False)
    closed_announced_at = models.DateTimeField(null=True, editable=False)
    outcome_at = models.DateTimeField(_("outcome published"), null=True, editable=False)

    comment_count = models.PositiveIntegerField(default=0, editable=False)
    participant_count = models.PositiveIntegerField(default=0, editable=False)
    last_activity_at = models.DateTimeField(db_default=Now(), editable=False)
    search_text = models.TextField(editable=False, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(opens_at=None) | Q(closes_at__gt=F("opens_at")),
                name="activity_closes_after_it_opens",
                violation_error_message=_("It must close after it opens."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(opens_at__isnull=False, published_at__isnull=False),
                name="activity_published_has_a_window",
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | Q(author=None) | ~Q(approver=F("author")),
                name="activity_approved_by_somebody_else",
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at", "id"], condition=Q(state="published"), name="activity_closing"),
            models.Index(fields=["-opens_at", "-id"], condition=Q(state="published"), name="activity_newest"),
            models.Index(fields=["-participant_count", "-id"], condition=Q(state="published"), name="activity_busiest"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="activity_search"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.kind:
            self.kind = self._meta.app_label
        self.search_text = "\n".join(in_all_languages(self.title) + in_all_languages(self.summary))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address(f"{self.kind}:detail", self.slug)

    # -- what the clock says --------------------------------------------------------------
    def phase(self, at: datetime | None = None) -> PhaseNow:
        """Scheduled, open or closed at that moment (the database's now when none is given)."""
        at = at or clock.now()
        if self.opens_at is None or at < self.opens_at:
            return Phase.SCHEDULED
        if self.closes_at is not None and at >= self.closes_at:
            return Phase.CLOSED
        return Phase.OPEN

    @property
    def body_html(self) -> str:
        return to_html(str(self.body), official=True)

    def clean(self) -> None:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("It must close after it opens.")})
        if self.group and self.group.institution_id != self.institution_id:
            raise ValidationError({"group": _("This group belongs to another institution.")})


def label_of(field: str) -> str:
    """An activity's field as forms call it, in the reader's language."""
    found = Activity._meta.get_field(field)
    return str(found.verbose_name) if isinstance(found, models.Field) else field


def in_all_languages(text: LazyI18nString | str) -> list[str]:
    """Every language's version of a text."""
    data = getattr(text, "data", text)
    return [str(value) for value in data.values() if value] if isinstance(data, dict) else [str(data)]
