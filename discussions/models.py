"""Discussions: a conversation about what an institution asks, or the open forum where citizens bring ideas."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity


class Discussion(Activity):
    """An activity whose act is to speak. How people talk is the activity's `conversation`."""

    is_forum = models.BooleanField(
        _("open forum"), default=False, help_text=_("Citizens bring ideas of their own here, and support one another's.")
    )

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
