from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionsConfig(AppConfig):
    """`kind_name` and `verb` are what cards call this kind of activity and what one does there."""

    name = "discussions"
    verbose_name = _("Discussions")
    kind_name = _("Discussion")
    verb = _("Comment")
