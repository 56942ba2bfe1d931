"""How clauses are drawn: their addresses, and how much was said about them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz.fuzz import ratio

from commons.core.numbers import indian
from consultations.models import Annotation, Clause, Consultation, Wording
from consultations.redline import redline

register = template.Library()


@register.simple_tag
def clause_url(consultation: Consultation, wording: Wording) -> str:
    """The page of a clause, in the reader's language."""
    return wording.url_in(consultation.slug)


@register.simple_tag
def redline_of(row: Annotation, here: Wording) -> SafeString:
    """The wording somebody proposes, against the words they quoted or the whole clause."""
    quoted = bool(row.exact) and ratio(row.exact, row.proposed) >= ratio(here.text, row.proposed)
    return redline(row.exact if quoted else here.text, row.proposed)


STRIP = 100  # the width of the strip


@register.inclusion_tag("consultations/_heat.html")
def heat(clause: Clause) -> dict[str, Any]:
    """The strip beside a clause: how many responses, and which stance; words beside the colours."""
    total = clause.response_count
    counted = [
        ("support", clause.support_count, ngettext("%(n)s supports it", "%(n)s support it", clause.support_count)),
        ("amend", clause.amend_count, ngettext("%(n)s wants other words", "%(n)s want other words", clause.amend_count)),
        ("ask", clause.ask_count, ngettext("%(n)s asks", "%(n)s ask", clause.ask_count)),
        ("oppose", clause.oppose_count, ngettext("%(n)s opposes it", "%(n)s oppose it", clause.oppose_count)),
    ]  # fmt: skip
    parts, at = [], 0.0
    for name, count, words in counted:
        if count:
            width = STRIP * count / total
            parts.append(
                {"name": name, "x": f"{at:.1f}", "width": f"{width:.1f}", "words": words % {"n": indian(count)}}
            )
            at += width
    said = (
        ngettext("%(n)s response", "%(n)s responses", total) % {"n": indian(total)} if total else _("No response yet")
    )
    return {"parts": parts, "said": said, "total": total}
