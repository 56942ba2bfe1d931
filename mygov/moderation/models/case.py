"""A case: one text that a moderator has to look at, or has looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity
from commons.comments.models import Comment
from consultations.models import Annotation, Submission
from discussions.models import Idea
from mygov.moderation.models.name import Name
from mygov.moderation.reasons import Reason

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User

    type Target = Comment | Idea | Annotation | Submission | Name

COLUMNS = ("comment", "idea", "annotation", "submission", "name")  # columns; one of them is filled


class Standing(StrEnum):
    """How what a case is about stands, whatever it is."""

    SHOWN = "shown"
    UNOPENED = "unopened"  # an idea that has its sponsors, and opens when a moderator says so
    HELD = "held"
    HIDDEN = "hidden"
    GONE = "gone"


STANDINGS: dict[str, Standing] = {
    Comment.State.HELD: Standing.HELD, Comment.State.HIDDEN: Standing.HIDDEN, Comment.State.REMOVED: Standing.GONE,
    Idea.State.HELD: Standing.HELD, Idea.State.HIDDEN: Standing.HIDDEN, Idea.State.REJECTED: Standing.HIDDEN,
    **dict.fromkeys([Idea.State.SPONSORED, Idea.State.FLAGGED, Idea.State.DORMANT], Standing.UNOPENED),
}  # fmt: skip
LONGEST_WAIT = timedelta(hours=72)
TIME_TO_OPEN = timedelta(days=10)  # for an idea nothing is wrong with


class Pace(StrEnum):
    """How near a case is to the moment by which it should be decided."""

    TIMELY = "timely"
    SOON = "soon"
    LATE = "late"


class Level(models.IntegerChoices):
    """Who may decide a case at least. Whoever hands it up raises it by one."""

    ANYBODY = 0, _("any moderator")
    PLATFORM = 1, _("a moderator of the platform")
    ADMINISTRATOR = 2, _("an administrator of the platform")


def about_one_thing() -> Q:
    """One column is filled, the others are not."""
    ways = [Q(**{f"{name}__isnull": name != one for name in COLUMNS}) for one in COLUMNS]
    return reduce(or_, ways)


class CaseQuerySet(models.QuerySet["Case"]):
    def waiting(self) -> CaseQuerySet:
        return self.filter(closed_at=None)

    def moderated_by(self, user: User | AnonymousUser) -> CaseQuerySet:
        """Everything for moderators of the platform; of the others, what is in their institutions and groups."""
        from mygov.moderation import rules

        return rules.scope(user, self)


class Case(models.Model):
    """Reports and decisions hang on it. It waits while `closed_at` is empty; a new report opens it again.

    `turn` counts decisions: whoever decides names the turn they saw, so of two at once one finds it taken.
    """

    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="cases")  # null for a name alone
    comment = models.OneToOneField(Comment, models.PROTECT, null=True, related_name="case")
    idea = models.OneToOneField(Idea, models.PROTECT, null=True, related_name="case")
    annotation = models.OneToOneField(Annotation, models.PROTECT, null=True, related_name="case")
    submission = models.OneToOneField(Submission, models.PROTECT, null=True, related_name="case")
    name = models.OneToOneField(Name, models.PROTECT, null=True, related_name="case")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=5)
    # The gravest so far; empty when nothing is suspected, and an idea waits to be opened.
    reason = models.CharField(_("suspicion"), max_length=20, choices=Reason, blank=True)
    weight = models.PositiveSmallIntegerField(default=0)  # gravity, and the trust of those who reported
    report_count = models.PositiveIntegerField(default=0)  # not decided yet
    # What the rules found when it was held: [{"rule", "version", "weight", "words"}, …]; the words are the author's.
    findings = models.JSONField(default=list, db_default=[])
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    turn = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.ANYBODY)
    # Who has it open, until when, and why they took it from somebody else (`mygov.moderation.taking`).
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_until = models.DateTimeField(null=True)
    taken_words = models.CharField(max_length=300, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(condition=about_one_thing(), name="case_about_one_thing"),
            models.CheckConstraint(
                condition=Q(activity=None, name__isnull=False) | Q(activity__isnull=False, name=None),
                name="case_has_its_activity",
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | Q(taken_until__isnull=False), name="case_is_taken_for_a_while"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="case_waiting"),
            models.Index(fields=["author", "-id"], name="case_author"),
            models.Index(fields=["taken_by"], condition=Q(taken_by__isnull=False), name="case_taken"),
        ]

    def __str__(self) -> str:
        return str(self.target)

    @property
    def target(self) -> Target:
        """What it is about."""
        found: Target = getattr(self, self.kind)
        return found

    @property
    def text(self) -> str:
        """What was written; of an idea its title."""
        match self.target:
            case Comment() as comment:
                return comment.body
            case Annotation() as row:
                return row.body or row.proposed or str(row)
            case target:
                return str(target)

    @property
    def whole_text(self) -> str:
        """Everything that was written."""
        match self.target:
            case Idea() as idea:
                return f"{idea.title}\n{idea.ask}\n{idea.detail}"
            case Annotation() as row:
                return "\n".join(filter(None, [row.body, row.proposed]))
            case Submission() as row:
                return "\n".join(filter(None, [row.organisation, row.interest, row.body]))
        return self.text

    @property
    def standing(self) -> Standing:
        return STANDINGS.get(self.target.state, Standing.SHOWN)

    @property
    def kind(self) -> str:
        return next(name for name in COLUMNS if getattr(self, f"{name}_id") is not None)

    def pace(self, now: datetime) -> Pace:
        """An idea nothing is wrong with: soon from the 11th day, late from the 14th, though 10 were promised.

        Everything that is suspected: soon in the last quarter of its hours, late when they are over.
        """
        soon, late = self.due_at - (self.due_at - self.opened_at) / 4, self.due_at
        if not self.weight:
            soon, late = self.due_at + timedelta(days=1), self.due_at + timedelta(days=4)
        return Pace.LATE if now >= late else Pace.SOON if now >= soon else Pace.TIMELY

    def taken_from(self, person: User, now: datetime) -> bool:
        """Whether somebody else has it open."""
        return self.taken_until is not None and self.taken_by_id not in {None, person.pk} and self.taken_until > now


def due(opened_at: datetime, weight: int) -> datetime:
    """By when it should be decided: ten days without suspicion, 36 hours for the lightest, twelve at weight 5.

    The queue goes by this moment. So what is risky comes first, and what is light still comes up in the end.
    """
    return opened_at + (LONGEST_WAIT / (1 + weight) if weight else TIME_TO_OPEN)
