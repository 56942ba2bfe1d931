"""The pages an Indian government site must have (GIGW 3.0). Their words are in `templates/pages/<language>/<slug>.html`."""

from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Page(NamedTuple):
    """`updated` is the day its words last changed, in either language."""

    title: Promise
    updated: date


PAGES = {
    "about": Page(_("About this portal"), date(2026, 11, 24)),
    "contact": Page(_("Contact"), date(2026, 11, 24)),
    "help": Page(_("Help"), date(2026, 11, 24)),
    "feedback": Page(_("Feedback"), date(2026, 11, 24)),
    "terms": Page(_("Terms of use"), date(2026, 11, 24)),
    "privacy": Page(_("Privacy"), date(2026, 11, 25)),
    "copyright": Page(_("Copyright"), date(2026, 11, 24)),
    "links": Page(_("Hyperlink policy"), date(2026, 11, 24)),
    "archive": Page(_("Archive"), date(2026, 11, 24)),
    "accessibility": Page(_("Accessibility statement"), date(2026, 11, 24)),
    "screen-readers": Page(_("Screen reader access"), date(2026, 11, 24)),
    "community-rules": Page(_("Rules of the conversation"), date(2026, 11, 24)),
}
