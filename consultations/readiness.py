"""What a consultation needs besides before citizens may see it: a text, a plain note, and enough time or a signed reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commons.activities.readiness import said_in
from commons.core import clock
from consultations.models import Consultation
from consultations.models.consultation import SHORTEST

if TYPE_CHECKING:
    from commons.activities.models import Activity


def lacking(activity: Activity) -> dict[str, list[str]]:
    """By field, in words for the author. `activity` may carry a window that is not saved yet."""
    found: dict[str, list[str]] = {}
    consultation = Consultation.objects.filter(pk=activity.pk).first()
    shown = activity if isinstance(activity, Consultation) else consultation
    if shown is None:  # a form that was never saved: its text cannot be there either
        return found
    if activity.pk is None or not (consultation and consultation.drafts.exists()):
        found["__all__"] = [_("The text that is asked about is missing. Save, then bring the draft in.")]
    for code, language in (("en", _("English")), ("hi", _("Hindi"))):
        if not said_in(shown.note, code):
            words = _("The explanatory note in %(language)s is missing.")
            found.setdefault("note", []).append(words % {"language": language})
    if activity.closes_at is None:
        found["closes_at"] = [_("Say until when people can respond.")]
    else:
        opens = activity.opens_at or clock.now()
        signed = consultation is not None and consultation.short_signed_at is not None
        if activity.closes_at - opens < SHORTEST and not signed:
            found["closes_at"] = [
                _("It would be open for fewer than 30 days: an approver has to sign a public reason first.")
            ]
    return found
