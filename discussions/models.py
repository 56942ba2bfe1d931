"""Discussions: a thread, for and against, or the open forum where citizens bring ideas."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity


class Discussion(Activity):
    """An activity whose act is to speak."""

    class Format(models.TextChoices):
        THREAD = "thread", _("Thread")
        FOR_AND_AGAINST = "for_against", _("For and against")
        FORUM = "forum", _("Open forum")

    format = models.CharField(_("format"), max_length=12, choices=Format, default=Format.THREAD)
    expert = models.BooleanField(_("expert topic"), default=False, help_text=_("Comments may have 4,000 characters."))

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")

    @property
    def most_characters(self) -> int:
        return 4000 if self.expert else 1000
