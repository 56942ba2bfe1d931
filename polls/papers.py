"""The ballot paper of one voter: in which order the options stand, what was chosen before."""

from __future__ import annotations

import hashlib
import hmac
from random import Random
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from commons.core.moments import INDIA
from polls import finding
from polls.choices import ONE, Method
from polls.forms import BallotForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.http import HttpRequest

    from polls.models import Ballot, Option, Poll


def paper(
    request: HttpRequest, poll: Poll, options: list[Option], now: datetime, *, data: Any = None,
    chosen: dict[int, int] | None = None, typed: Mapping[str, str] | None = None,
) -> BallotForm:  # fmt: skip
    """The form for whoever asks, with the options in their order."""
    seed = str(request.user.pk) if request.user.is_authenticated else now.astimezone(INDIA).date().isoformat()
    return BallotForm(poll, mixed(poll, options, seed), data, chosen=chosen, typed=typed)


def mixed(poll: Poll, options: list[Option], seed: str) -> list[Option]:
    """The options in an order of this voter's own: always the same one, which nobody can foresee.

    Pages for people who are not signed in are the same for all of them, so theirs changes by the day.
    """
    if not poll.shuffles or poll.method == Method.YES_NO:
        return options
    key = hmac.new(settings.SECRET_KEY.encode(), f"{poll.pk} {seed}".encode(), hashlib.sha256).digest()
    return Random(key).sample(options, len(options))  # noqa: S311 - an order, not a secret


def order_of(options: Iterable[Option]) -> str:
    """The order as the ballot records it: "3,1,2"."""
    return ",".join(str(option.number) for option in options)


def ballot_of(request: HttpRequest, poll: Poll) -> Ballot | None:
    """What whoever asks has voted."""
    if not request.user.is_authenticated:
        return None
    return finding.ballot_of(poll, request.user)


def draft_key(poll: Poll) -> str:
    return f"ballot:{poll.pk}"


def in_words(poll: Poll, options: list[Option], chosen: dict[int, int]) -> list[str]:
    """A choice as the voter reads it again: one line for each option it names, the first place first."""
    if not chosen:
        return [_("None of these")]
    names = {option.number: str(option) for option in options}
    if poll.method in {*ONE, Method.MULTIPLE, Method.BUDGET}:
        return [names[number] for number in sorted(chosen)]
    first = 1 if poll.method == Method.RANKED else -1
    return [f"{chosen[number]} · {names[number]}" for number in sorted(chosen, key=lambda n: (first * chosen[n], n))]
