"""What a person said in an activity. Threads are three levels deep; pages go by root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Random
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity, Contribution
from commons.directory.models import Institution

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User

MAX_DEPTH = 3


class State(models.TextChoices):
    VISIBLE = "visible", _("Visible")
    HELD = "held", _("Waiting for a moderator")
    HIDDEN = "hidden", _("Hidden by a moderator")
    REMOVED = "removed", _("Removed by its author")


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> CommentQuerySet:
        return self.filter(state=State.VISIBLE)

    def roots(self) -> CommentQuerySet:
        return self.filter(parent=None)

    def visible_to(self, user: User | AnonymousUser) -> CommentQuerySet:
        """What this person may read: visible ones, and their own that wait or were hidden."""
        if not user.is_authenticated:
            return self.visible()
        return self.filter(Q(state=State.VISIBLE) | Q(author=user, state__in=[State.HELD, State.HIDDEN]))

    def heading_for(self, user: User | AnonymousUser) -> CommentQuerySet:
        """What this person may read, and roots that are gone but under which others still speak."""
        return self.visible_to(user) | self.filter(parent=None, reply_count__gt=0)


class Comment(models.Model):
    """One comment. `body` is what was typed; `body_html` is its safe HTML, made once when it was written.

    `root` is null on a root comment. Counters and scores are folded in from votes (see `Tally`).
    """

    State = State

    class Stance(models.IntegerChoices):
        AGAINST = -1, _("Against")
        NEUTRAL = 0, _("Neutral")
        FOR = 1, _("For")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="comments")
    anchor = models.CharField(max_length=40, blank=True)  # what in the activity it hangs on: "idea-12", "clause-7"
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments")
    contribution = models.OneToOneField(Contribution, models.PROTECT, related_name="comment")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="thread")
    depth = models.PositiveSmallIntegerField(default=0)
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")  # quoted: too deep to nest under
    stance = models.SmallIntegerField(_("stance"), choices=Stance, default=Stance.NEUTRAL)
    body = models.TextField(_("comment"))
    body_html = models.TextField(editable=False)
    language = models.CharField(max_length=5, default="en")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VISIBLE)
    state_reason = models.CharField(max_length=20, blank=True)  # a code of mygov.moderation
    state_words = models.TextField(blank=True)
    as_institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    pinned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True, blank=True)

    up = models.PositiveIntegerField(default=0)
    down = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0, db_default=0)  # votes not counted while they are checked
    left_out = models.PositiveIntegerField(default=0, db_default=0)  # votes that were checked and stay out
    imported_up = models.PositiveIntegerField(default=0)  # votes of another platform, known only as numbers
    imported_down = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)  # on a root: everything visible below it
    best = models.FloatField(default=0)
    trending = models.FloatField(default=0)
    shuffle = models.FloatField(db_default=Random())

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(condition=Q(depth__lte=MAX_DEPTH), name="comment_depth"),
            models.CheckConstraint(
                condition=Q(parent=None, root=None, depth=0) | Q(parent__isnull=False, root__isnull=False, depth__gt=0),
                name="comment_root_and_parent_agree",
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "anchor", "-id"], condition=Q(parent=None), name="comment_newest"),
            models.Index(fields=["activity", "anchor", "-best", "-id"], condition=Q(parent=None), name="comment_best"),
            models.Index(
                fields=["activity", "anchor", "-trending", "-id"], condition=Q(parent=None), name="comment_trending"
            ),
            models.Index(
                fields=["activity", "anchor", "-reply_count", "-id"], condition=Q(parent=None), name="comment_debated"
            ),
            models.Index(
                fields=["activity", "anchor", "shuffle", "id"], condition=Q(parent=None), name="comment_shuffled"
            ),
            models.Index(
                fields=["activity", "anchor", "-pinned_at"], condition=Q(pinned_at__isnull=False), name="comment_pinned"
            ),
            models.Index(fields=["root", "id"], name="comment_thread"),
            models.Index(fields=["author", "-id"], name="comment_author"),
            GinIndex(fields=["body"], opclasses=["gin_trgm_ops"], name="comment_similar"),
        ]

    def __str__(self) -> str:
        return self.body[:80]

    def get_absolute_url(self) -> str:
        return reverse("comments:detail", args=[self.pk])


class CommentVersion(models.Model):
    """What a comment said before an edit that came after the first minutes."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="versions")
    body = models.TextField()
    body_html = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.body[:80]
