"""What a moderator is offered beside a case: forms with their buttons, as the rules allow them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from mygov.moderation.forms import DecisionForm, form_for
from mygov.moderation.models import Case, Decision, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

What = Decision.What


@dataclass(frozen=True)
class Button:
    """`key` is the sign on the keyboard that presses it."""

    what: str
    words: str
    key: str
    css: str = ""


@dataclass(frozen=True)
class Offer:
    """One form. `folded` names it when it is opened only on demand; `bare` asks for nothing but the press."""

    form: DecisionForm
    buttons: list[Button]
    folded: str = ""

    @property
    def bare(self) -> bool:
        return {button.what for button in self.buttons} <= {What.APPROVE, What.RESTORE}


def offers(case: Case, options: Iterable[Decision.What], bound: DecisionForm | None = None) -> list[Offer]:
    """The forms for what may be decided. `bound` is the one that was sent and came back with its errors.

    Showing has a form of its own, so that Enter in a field can only press what that field is for.
    """
    options = list(options)
    groups = [
        ([What.APPROVE, What.RESTORE], ""), ([What.UPHOLD], ""), ([What.HIDE, What.ASK], ""), ([What.REMOVE], _("Remove it by law …")),
        ([What.REJECT], _("Do not accept it …")), ([What.FLAG, What.PARK], _("Ask first …")),
        ([What.ESCALATE], _("Hand it up …")),
    ]  # fmt: skip
    made = []
    for whats, folded in groups:
        buttons = [button(what, case) for what in whats if what in options]
        if not buttons:
            continue
        form = form_for(whats[0])(initial={"seen": case.turn}, auto_id=f"{whats[0]}_%s")
        if bound is not None and bound.data.get("what") in whats:
            form, folded = bound, ""
        made.append(Offer(form, buttons, folded))
    return made


def button(what: Decision.What, case: Case) -> Button:
    show = {
        Standing.HELD: _("Approve: show it"), Standing.UNOPENED: _("Approve: open it to everybody"),
    }.get(case.standing, _("Leave it: breaks no rule"))  # fmt: skip
    words, key, css = {
        What.APPROVE: (show, "a", ""),
        What.RESTORE: (_("Show it again"), "a", ""),
        What.UPHOLD: (_("The decision stands"), "u", "danger"),
        What.HIDE: (_("Hide"), "h", "danger"),
        What.ASK: (_("Ask a moderator of the platform to hide it"), "k", "second"),
        What.REMOVE: (_("Remove"), "r", "danger"),
        What.REJECT: (_("Do not accept the idea"), "d", "danger"),
        What.FLAG: (_("Ask for a second look"), "f", "second"),
        What.PARK: (_("Ask its author"), "p", "second"),
        What.ESCALATE: (_("Hand it up"), "e", "second"),
    }[what]
    return Button(what, words, key, css)
