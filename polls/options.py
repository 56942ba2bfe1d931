"""Writes the options of a draft: their numbers, what history keeps of them, the answers of a yes-or-no question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from commons.activities import rules
from commons.audit.record import record
from commons.core.markdown import to_html
from commons.core.plain import plain
from polls.models import Option, Poll
from polls.models.poll import MOST_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commons.people.models import User

YES_NO = [
    {"en": "Yes", "hi": "हाँ"},
    {"en": "No", "hi": "नहीं"},
    {"en": "Can’t say", "hi": "कह नहीं सकते"},
]
WRITTEN = ("label", "about", "cost", "alt")


@transaction.atomic
def write(poll: Poll, rows: Iterable[Option], gone: Iterable[Option], by: User) -> None:
    """Saves options of a draft and takes others out; new ones get the next free numbers. Raises PermissionDenied."""
    if not rules.may_write(by, poll):
        raise PermissionDenied
    for option in gone:
        record("option.remove", option, by=by, activity_id=poll.pk)
        option.delete()
    taken = set(poll.options.values_list("number", flat=True))
    free = iter(number for number in range(1, MOST_OPTIONS + 1) if number not in taken)
    for option in rows:
        is_new = option.pk is None
        option.poll = poll
        if option.number is None:
            option.number = next(free)
        option.save()
        after = {name: plain(getattr(option, name)) for name in WRITTEN}
        record("option.write" if is_new else "option.edit", option, by=by, after=after, activity_id=poll.pk)


def complete(poll: Poll) -> None:
    """Gives a yes-or-no question its three answers, in their natural order."""
    if poll.method == Poll.Method.YES_NO and not poll.options.exists():
        Option.objects.bulk_create(
            Option(poll=poll, number=number, label=LazyI18nString(words))
            for number, words in enumerate(YES_NO, start=1)
        )


def texts(poll: Poll) -> list[tuple[str, list[tuple[str, str]]]]:
    """The options in both languages, for whoever approves: as ActivityAdmin shows the other texts."""
    found = []
    for option in poll.options.all():
        name = _("Option %(number)s") % {"number": option.number}
        found.append((name, [(code, to_html(option.label.localize(code), official=True)) for code in ("en", "hi")]))
    return found
