"""The pages an Indian government site must have (GIGW 3.0). Their words are in `templates/pages/<slug>.html`."""

from django.utils.translation import gettext_lazy as _

PAGES = {
    "about": _("About this portal"),
    "contact": _("Contact"),
    "help": _("Help"),
    "feedback": _("Feedback"),
    "terms": _("Terms of use"),
    "privacy": _("Privacy"),
    "copyright": _("Copyright"),
    "links": _("Hyperlink policy"),
    "archive": _("Archive"),
    "accessibility": _("Accessibility statement"),
    "screen-readers": _("Screen reader access"),
    "community-rules": _("Rules of the conversation"),
}
