"""An interest group: where an institution and citizens work on one subject."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from commons.core.addresses import address
from commons.directory.models import Institution, Region, Sector


class GroupQuerySet(models.QuerySet["Group"]):
    def visible(self) -> GroupQuerySet:
        return self.filter(state=Group.State.ACTIVE)


@pghistory.track(exclude=["member_count"])
class Group(models.Model):
    """Owned by one institution; anyone may follow or join, without a cap on how many."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")

    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name=_("institution"), related_name="groups")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = I18nCharField(_("name"), max_length=120)
    objective = I18nTextField(
        _("objective"), help_text=_("What this group wants to achieve, in two or three sentences.")
    )
    sectors = models.ManyToManyField(Sector, verbose_name=_("sectors"), blank=True, related_name="groups")
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), blank=True, related_name="groups")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    member_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address("groups:detail", self.slug)


class Membership(models.Model):
    """A person in a group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    volunteers = models.BooleanField(_("wants to help"), default=False)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"
