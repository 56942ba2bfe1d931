"""A conversation about what an institution asks, or the open forum where citizens bring ideas."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity


class Discussion(Activity):
    """An activity whose act is to speak. How people talk is the activity's `conversation`."""

    is_forum = models.BooleanField(
        _("open forum"),
        default=False,
        help_text=_("Citizens bring ideas of their own here, and support one another's."),
    )
    sponsors_needed = models.PositiveSmallIntegerField(
        _("sponsors needed"), default=5, help_text=_("So many supporters open an idea to everybody.")
    )
    acknowledge_at = models.PositiveIntegerField(
        _("support that earns an acknowledgement"),
        default=50,
        help_text=_("An officer then says within 10 days who looks at it."),
    )
    answer_at = models.PositiveIntegerField(
        _("support that earns a written answer"),
        default=500,
        help_text=_("The institution then answers within 60 days."),
    )
    hearing_at = models.PositiveIntegerField(
        _("support that earns a public hearing"),
        default=5000,
        help_text=_("The institution then talks about it in public."),
    )

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
