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
from mygov.notifications.channels import Channel, Fate
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

    @property
    def what(self) -> str:
        """As what `Tally` counts it."""
        return str(getattr(self, "channel", "digest"))


class Delivery(Outgoing):
    """The mail or SMS that tells one thing at once.

    An SMS carries the header and the template it is registered under (DLT): the database refuses one without.
    """

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.MAIL)
    header = models.CharField(_("DLT header"), max_length=20, blank=True)
    template = models.CharField(_("DLT template"), max_length=40, blank=True)
    provider_id = models.CharField(_("provider's name for it"), max_length=200, blank=True)
    receipt = models.CharField(_("what became of it"), max_length=10, choices=Fate, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="delivery_known_channel"),
            models.CheckConstraint(
                condition=~Q(channel="sms") | (~Q(header="") & ~Q(template="")), name="delivery_sms_registered"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "next_try_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="delivery_provider_id"),
        ]

    def __str__(self) -> str:
        return f"{self.notification_id} {self.channel} {self.state}"


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
    """How soon a person hears of a group of events by mail, and whether by SMS at once as well.

    Without a row, `event_groups.UNLESS_CHOSEN` holds, and no SMS comes.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    group = models.CharField(_("what"), max_length=20, choices=EventGroup)
    mail = models.CharField(_("by mail"), max_length=10, choices=Frequency)
    sms = models.BooleanField(_("by SMS"), default=False)

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


class Breaker(models.Model):
    """Whether the provider of a channel is left alone for a while (`breaker.py`)."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel, primary_key=True)
    failures = models.PositiveIntegerField(_("failures one after another"), default=0)
    last_failed_at = models.DateTimeField(_("last failure"), null=True)
    open_until = models.DateTimeField(_("left alone until"), null=True)

    class Meta:
        verbose_name = _("breaker")
        verbose_name_plural = _("breakers")

    def __str__(self) -> str:
        return f"{self.channel}: {self.failures}"


class Receipt(models.Model):
    """One report of a gateway about a message. Its own id makes hearing it twice impossible."""

    report_id = models.CharField(_("report's id"), max_length=200, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    provider_id = models.CharField(_("provider's name for it"), max_length=200)
    status = models.CharField(_("what became of it"), max_length=10, choices=Fate)
    at = models.DateTimeField(_("heard"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes = [models.Index(fields=["channel", "provider_id"], name="receipt_provider_id")]

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.status}"


class Unreachable(models.Model):
    """An address a provider calls dead. It counts as long as it is the person's address."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = models.CharField(_("address"), max_length=254)
    words = models.CharField(_("what the provider said"), max_length=200, blank=True)
    at = models.DateTimeField(_("since"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("dead address")
        verbose_name_plural = _("dead addresses")
        constraints = [models.UniqueConstraint(fields=["person", "channel", "address"], name="unreachable_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class Tally(models.Model):
    """How many went out or were given up in one hour, counted as it happens: nobody counts the rows themselves."""

    hour = models.DateTimeField(_("hour"))
    what = models.CharField(_("what"), max_length=10)  # a channel, or "digest"
    state = models.CharField(_("state"), max_length=10, choices=Outgoing.State)
    count = models.PositiveIntegerField(_("how many"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [models.UniqueConstraint(fields=["hour", "what", "state"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.hour:%F %H} {self.what} {self.state}: {self.count}"
