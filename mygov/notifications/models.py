"""Who has to hear what, as rows: the database is the truth, the queue only hurries it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity
from commons.core.moments import INDIA
from mygov.notifications.event_groups import EventGroup, Frequency


class Notifications(models.QuerySet["Notification"]):
    def mark_read(self) -> int:
        """Those that were not yet. Returns how many."""
        return self.filter(read_at=None).update(read_at=Now())

    def for_digests(self) -> Notifications:
        """What a digest has still to tell."""
        return self.exclude(digest_period="")


class Notification(models.Model):
    """One thing one person hears. Its words are made when it is read, in the reader's language then.

    `key` names what it tells; the unique constraint makes telling it twice impossible.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    event = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, related_name="+")
    path = models.CharField(max_length=200)  # without a language prefix
    values = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True)
    # Which digest has still to tell it: daily, weekly, or "" for none. Only whoever has a proved address waits for one.
    digest_period = models.CharField(max_length=10, default="", blank=True)
    digest = models.ForeignKey("Digest", models.SET_NULL, null=True, related_name="notifications")  # that tells it

    objects = Notifications.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notification_mine"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["digest_period", "person"], condition=~Q(digest_period=""), name="notification_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Outgoing(models.Model):
    """One mail that has to go out (`sending.py`)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        abstract = True


class Delivery(Outgoing):
    """The mail that tells one thing at once."""

    notification = models.OneToOneField(Notification, models.CASCADE, related_name="delivery")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.notification_id} {self.state}"


class Digest(Outgoing):
    """The mail that tells a person what a day or a week brought. Made on `day` (India's), once for each period."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    period = models.CharField(_("period"), max_length=10, choices=[(f, f.label) for f in Frequency if f.is_digest])
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [models.UniqueConstraint(fields=["person", "period", "day"], name="digest_once")]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="digest_due")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.period} {self.day}"


class Preference(models.Model):
    """How soon a person hears of a group of events by mail. Without a row, `event_groups.UNLESS_CHOSEN` holds."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    group = models.CharField(_("what"), max_length=20, choices=EventGroup)
    mail = models.CharField(_("by mail"), max_length=10, choices=Frequency)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["person", "group"], name="preference_once"),
            models.CheckConstraint(condition=Q(mail__in=Frequency.values), name="preference_known_frequency"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.group}: {self.mail}"


class Habits(models.Model):
    """When a person wants to be told, in whole hours of India's day, and whether taking part follows.

    Without a row, what stands here as default holds. Quiet hours may go over midnight; the same hour twice means none.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="habits", primary_key=True)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily and weekly mail"), default=18)
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), default=0)
    quiet_until = models.PositiveSmallIntegerField(_("quiet until"), default=0)
    follows_by_itself = models.BooleanField(_("follows what they take part in"), default=True)

    class Meta:
        verbose_name = _("habits")
        verbose_name_plural = _("habits")
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__lt=24, quiet_from__lt=24, quiet_until__lt=24), name="habits_hours_of_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.digest_hour}"

    def quiet_end(self, at: datetime) -> datetime | None:
        """When the quiet hours end that `at` falls into. None when it falls into none."""
        local = at.astimezone(INDIA)
        since = (local.hour - self.quiet_from) % 24
        length = (self.quiet_until - self.quiet_from) % 24
        if since >= length:
            return None
        return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=length - since)
