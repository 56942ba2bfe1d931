"""A name somebody gave themselves, once a rule or a reader doubts it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Name(models.Model):
    """While it is held or hidden the person appears as “Citizen 12”: the account's own name is empty then."""

    class State(models.TextChoices):
        VISIBLE = "visible", _("Shown")
        HELD = "held", _("Waiting for a moderator")
        HIDDEN = "hidden", _("Hidden by a moderator")
        REMOVED = "removed", _("Given up")

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="doubted_names")
    text = models.CharField(_("name"), max_length=60)
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=8, choices=State, default=State.VISIBLE)
    state_reason = models.CharField(max_length=20, blank=True)
    state_words = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [models.UniqueConstraint(fields=["author", "text"], name="name_once_a_person")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("people:public", args=[self.author_id])

    @property
    def activity_id(self) -> None:
        """It belongs to no conversation."""
        return None

    @property
    def activity(self) -> None:
        return None
