"""Writes audit entries. Call it inside the verb's own transaction, so that act and record stand or fall together."""

from typing import Any

from django.db import models

from commons.audit.models import Entry


def record(
    verb: str,
    target: models.Model,
    *,
    by: models.Model | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    words: str = "",
    activity_id: int | None = None,
) -> Entry:
    """One act on `target`. `by` is None when the portal itself acted (a deadline, a rule)."""
    return Entry.objects.create(
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        label=str(target)[:300],
        actor_id=by.pk if by else None,
        before=before or {},
        after=after or {},
        words=words,
        activity_id=activity_id or getattr(target, "activity_id", None),
    )
