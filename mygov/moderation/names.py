"""Names: what the rules say of one, and what a decision does to it.

An account's own name is emptied while a name is held or hidden, so that every page shows “Citizen 12” by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from commons.audit.events import happened
from commons.audit.record import record
from commons.comments.screening import Finding
from commons.core.language import written_in
from commons.people.models import User
from mygov.moderation.models import Name, ScreeningRule
from mygov.moderation.reasons import Reason
from mygov.moderation.words import first_listed

if TYPE_CHECKING:
    from collections.abc import Sequence

State = Name.State
Kind = ScreeningRule.Kind
REASONS = {Kind.WORDS: Reason.OFFENCE, Kind.NAMES: Reason.IMPERSONATION}


def doubts(text: str) -> list[Finding]:
    """What the listed words and the listed offices say of a name."""
    found = []
    for rule in ScreeningRule.objects.filter(enabled=True, kind__in=REASONS).order_by("-kind"):
        if listed := first_listed(text, rule.words):
            said = _("It contains “%(word)s”.") % {"word": listed}
            found.append(Finding(REASONS[Kind(rule.kind)], said, rule.kind, rule.version, rule.weight))
    return found


@transaction.atomic
def chosen(person: User) -> None:
    """Somebody has chosen a name: it is looked at, and what was doubted before is given up.

    Officials bear the names they work under; whoever gave them their post answers for those.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    for old in Name.objects.filter(author=person, state__in=[State.HELD, State.VISIBLE]).exclude(
        text=person.display_name
    ):
        Name.objects.filter(pk=old.pk).update(state=State.REMOVED)
        happened("name removed", old.pk)
    text = person.display_name
    if not text or person.is_staff:
        return
    known = Name.objects.filter(author=person, text=text).first()
    if known is not None and known.state in {State.HELD, State.HIDDEN}:
        User.objects.filter(pk=person.pk).update(display_name="")
        return
    if known is not None and known.state == State.VISIBLE:
        return  # a moderator has looked, or will
    with translation.override(person.language):
        found = doubts(text)
    if found:
        hold(known or new(person, text), found)


def new(person: User, text: str) -> Name:
    made, _created = Name.objects.get_or_create(author=person, text=text, defaults={"language": written_in(text)})
    return made


def borne_by(person: User) -> Name:
    """The name they bear; not written down before somebody doubts it."""
    text = person.display_name
    known = Name.objects.filter(author=person, text=text).first()
    return known or Name(author=person, text=text, language=written_in(text))


@transaction.atomic
def hold(name: Name, findings: Sequence[Finding]) -> None:
    """The person appears without it until a moderator has looked."""
    words = " ".join(finding.words for finding in findings)
    if move(name, State.HELD, {State.VISIBLE, State.REMOVED}, findings[0].code, words):
        record("name.hold", name, by=None, words=words)
        happened("name held", name.pk, because=findings)


@transaction.atomic
def hide(name: Name, by: User, reason: str, words: str) -> bool:
    moved = move(name, State.HIDDEN, {State.VISIBLE, State.HELD}, reason, words)
    if moved:
        record("name.hide", name, by=by, words=words, after={"reason": reason})
        happened("name hidden", name.pk)
    return moved


@transaction.atomic
def restore(name: Name, by: User, words: str = "") -> bool:
    """Gives the name back, unless the person bears another one by now."""
    moved = move(name, State.VISIBLE, {State.HELD, State.HIDDEN}, "", "")
    if moved:
        record("name.restore", name, by=by, words=words)
        happened("name restored", name.pk)
    return moved


@transaction.atomic
def put_back(name: Name, by: User, before: dict[str, Any]) -> None:
    """To what it was before a decision that is taken back."""
    if move(name, before["state"], {name.state}, before["state_reason"], before["state_words"]):
        record("name.put_back", name, by=by, after={"state": before["state"]})
        held = before["state"] == State.HELD
        happened("name held" if held else "name restored", name.pk)


def lock(name: Name) -> Name:
    """The name as it is now, locked behind its account."""
    User.objects.select_for_update(no_key=True).get(pk=name.author_id)
    return Name.objects.select_for_update(no_key=True).get(pk=name.pk)


def move(name: Name, to: str, allowed: set[str], reason: str, words: str) -> bool:
    current = lock(name)
    if current.state not in allowed:
        return False
    Name.objects.filter(pk=name.pk).update(state=to, state_reason=reason, state_words=words)
    name.state, name.state_reason, name.state_words = to, reason, words
    if to == State.VISIBLE:
        User.objects.filter(pk=name.author_id, display_name="").update(display_name=name.text)
    else:
        User.objects.filter(pk=name.author_id, display_name=name.text).update(display_name="")
    return True
