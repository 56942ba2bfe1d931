from django.utils.translation import gettext_lazy as _

from commons.activities import kinds


class DiscussionsConfig(kinds.Kind):
    name = "discussions"
    verbose_name = _("Discussions")
    kind_name = _("Discussion")
    verb = _("Comment")
