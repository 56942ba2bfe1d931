"""Who did what, once, for good. The only generic reference in the portal; the floor above core."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act: who, which verb, on what, what it was before and after. The database refuses changes."""

    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), null=True, related_name="+"
    )
    verb = models.CharField(_("verb"), max_length=60)
    target_type = models.CharField(_("type of thing"), max_length=100)
    target_id = models.CharField(_("its number"), max_length=40)
    label = models.CharField(_("its name at the time"), max_length=300)
    activity_id = models.BigIntegerField(_("activity"), null=True)  # not a foreign key: the act outlives the thing
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)
    words = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_target"),
            models.Index(fields=["activity_id", "-id"], name="audit_activity"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class Event(models.Model):
    """Something happened that somebody may have to hear about. Written in the transaction in which it happened.

    Whoever tells people works through these rows; a row nobody was told about is found by a sweep.
    """

    name = models.CharField(max_length=40)
    target_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    told_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["next_try_at", "id"], condition=models.Q(told_at=None), name="event_waiting")]

    def __str__(self) -> str:
        return f"{self.name} {self.target_id}"
