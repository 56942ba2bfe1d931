"""What happened to one thing: the recorded acts with their reasons, and every version of its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from commons.audit.models import Entry
from commons.core.moments import ist
from commons.people.models import User

MOST = 200

VERBS = {
    "activity.write": _("Written"),
    "activity.edit": _("Changed"),
    "activity.discard": _("Draft deleted"),
    "activity.submit": _("Submitted for review"),
    "activity.take_back": _("Taken back to draft"),
    "activity.return": _("Returned to the author"),
    "activity.publish": _("Approved and published"),
    "activity.withdraw": _("Withdrawn"),
    "activity.extend": _("Extended"),
    "activity.close_early": _("Closed early"),
    "activity.revise": _("Published text revised"),
    "activity.import": _("Brought in from another portal"),
    "outcome.write": _("Outcome written"),
    "outcome.publish": _("Outcome published"),
    "idea.open": _("Idea found its sponsors"),
    "idea.retire": _("Idea laid down by its author"),
    "idea.hide": _("Idea hidden"),
    "idea.restore": _("Idea shown again"),
    "idea.acknowledge": _("Idea acknowledged"),
    "idea.refer": _("Idea handed on"),
    "idea.answer_draft": _("Answer to an idea written"),
    "idea.answer": _("Answer to an idea published"),
    "comment.hold": _("Comment held for a moderator"),
    "comment.hide": _("Comment hidden"),
    "comment.restore": _("Comment shown again"),
    "forum.import": _("Brought in from another portal"),
    "screening_rule.change": _("Screening rule changed"),
    "comment.put_back": _("Comment put back as it was"),
    "comment.pin": _("Official answer pinned"),
    "comment.unpin": _("Official answer no longer pinned"),
    "group.activate": _("Group activated"),
    "group.archive": _("Group archived"),
    "post.add": _("Appointed"),
    "post.delete": _("Post ended"),
}
ACTS = {"add": _("Added"), "edit": _("Changed"), "delete": _("Deleted")}


def verb_name(verb: str) -> str:
    """A recorded verb in the reader's language."""
    return str(VERBS.get(verb) or ACTS.get(verb.rpartition(".")[2]) or verb)


@dataclass(frozen=True)
class Difference:
    """One field of one version."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """One line of the history."""

    at: datetime
    who: str
    what: str
    words: str
    differences: list[Difference]


def history_of(thing: models.Model) -> dict[str, Any]:
    """The newest acts and versions of a row, for the history page."""
    return {"acts": list(acts(thing)), "versions": list(versions(thing)), "most": MOST}


def acts(thing: models.Model) -> Iterator[Row]:
    """Audit entries about the row itself, and about what hangs on it when it is an activity."""
    labels = [parent._meta.label_lower for parent in (type(thing), *thing._meta.all_parents)]
    about = Q(target_type__in=labels, target_id=str(thing.pk))
    if "activities.activity" in labels:
        about |= Q(activity_id=thing.pk, target_type="activities.outcome")
    for entry in Entry.objects.filter(about).select_related("actor").order_by("-id")[:MOST]:
        names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
        found = [difference(thing, name, entry.before.get(name), entry.after.get(name)) for name in names]
        yield Row(entry.at, who(entry.actor), verb_name(entry.verb), entry.words, found)


def who(person: Any) -> str:
    return str(person.shown_name) if person else str(_("The portal itself"))


QUIET = {"id", "search_text", "created_at", "opened_announced_at", "closed_announced_at"}


def versions(thing: models.Model) -> Iterator[Row]:
    """Each version the history triggers kept, the newest first, as what differs from the one before."""
    event = event_model(thing)
    if event is None:
        return
    fields = [field for field in event._meta.fields if not field.name.startswith("pgh_") and field.name not in QUIET]
    keys = [field.name for field in fields if field.is_relation]
    rows: models.QuerySet[Any] = (
        event._default_manager.filter(pgh_obj_id=thing.pk).select_related("pgh_context", *keys).order_by("-pgh_id")
    )
    kept = list(rows[: MOST + 1])
    people = User.objects.in_bulk({person for row in kept if (person := changer(row))})
    for newer, older in zip(kept, [*kept[1:], None], strict=True):
        if older is None and len(kept) > MOST:
            return
        found = []
        for field in fields:
            before, after = value_of(older, field), value_of(newer, field)
            if as_text(before) != as_text(after):
                found.append(difference(thing, field.name, before, after))
        if found:
            what = _("First version") if older is None else _("Changed")
            yield Row(newer.pgh_created_at, who(people.get(changer(newer))), str(what), "", found)


def value_of(row: Any, field: Any) -> Any:
    """The field's value in that version; of a key the row it leads to, while that exists."""
    if row is None:
        return None
    try:
        return getattr(row, field.name)
    except ObjectDoesNotExist:
        return getattr(row, field.attname)


def event_model(thing: models.Model) -> type[Any] | None:
    for parent in (type(thing), *thing._meta.all_parents):
        try:
            return apps.get_model(parent._meta.app_label, f"{parent.__name__}Event")
        except LookupError:
            continue
    return None


def changer(row: Any) -> int | None:
    return (row.pgh_context.metadata or {}).get("user") if row.pgh_context else None


def difference(thing: models.Model, name: str, before: Any, after: Any) -> Difference:
    """A field's change with the field's own name, and its choices in words."""
    try:
        field = thing._meta.get_field(name)
    except FieldDoesNotExist:
        return Difference(name, as_text(before), as_text(after))
    words = dict(getattr(field, "flatchoices", None) or [])
    shown = [as_text(words.get(value, value) if isinstance(value, str | int) else value) for value in (before, after)]
    return Difference(str(getattr(field, "verbose_name", name)), *shown)


def as_text(value: Any) -> str:
    """A stored value for people: a text in all its languages, a moment in India's time."""
    data = getattr(value, "data", value)
    if isinstance(value, LazyI18nString | dict) and isinstance(data, dict):
        return "\n".join(f"{code}: {text}" for code, text in sorted(data.items()) if text)
    if isinstance(data, datetime):
        return ist(data)
    if isinstance(data, list):
        return ", ".join(as_text(one) for one in data)
    if isinstance(data, bool):
        return str(_("yes") if data else _("no"))
    if isinstance(data, str):
        try:
            return ist(datetime.fromisoformat(data)) if len(data) > 18 else data
        except ValueError:
            return data
    return "" if data is None else str(data)
