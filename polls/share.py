"""A poll's public result as a picture to share, with how many voted, when, and that it is no sample.

Drawn by Typst, which sets Hindi right without any library of the system; what Pillow needs for that it looks for on the
machine. The picture is the same for everybody, so it shows what somebody sees who has not voted, and nothing earlier.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fontpkg_noto_sans
import fontpkg_noto_sans_devanagari
import typst
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commons.core.caching import public_page
from commons.core.moments import ist_date
from commons.core.numbers import indian
from polls import rules
from polls.finding import POLLS
from polls.results import Results, results

if TYPE_CHECKING:
    from datetime import datetime

    from polls.models import Poll

DRAWING = Path(__file__).with_name("share.typ")
FONTS = [str(fontpkg_noto_sans.ROOT), str(fontpkg_noto_sans_devanagari.ROOT)]
MOST_BARS = 5


def is_public(poll: Poll, shown: Results, at: datetime) -> bool:
    """Whether the results that somebody sees on a page are what everybody sees: only then there is a picture."""
    return not shown.hidden and not rules.hides_results(poll, at, has_voted=False, ballots=shown.ballots)


@public_page
@require_safe
def image(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture in the language of the address. 404 until everybody may see the results."""
    poll = POLLS.get(AnonymousUser(), slug)
    now: datetime = poll.read_at  # type: ignore[attr-defined]
    found = results(poll, list(poll.options.order_by("number")), now)
    if found.hidden:
        raise Http404
    said = json.dumps(words(poll, found, now), ensure_ascii=False)
    mark = sha256(f"{drawing_mark()}{said}".encode()).hexdigest()[:32]
    response = get_conditional_response(request, etag=f'"{mark}"')
    if response is None:
        response = HttpResponse(drawn(said), content_type="image/png")
    response["ETag"] = f'"{mark}"'
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made to be shown elsewhere
    return response


def words(poll: Poll, found: Results, at: datetime) -> dict[str, Any]:
    """What stands in the picture."""
    bars = found.bars[:MOST_BARS]
    left = len(found.bars) - len(bars)
    return {
        "brand": "MyGov · मेरी सरकार", "language": (get_language() or "en")[:2],
        "institution": str(poll.institution), "title": str(poll.title),
        "bars": [
            {"label": str(bar.option.label) if bar.option else _("None of these"), "length": float(bar.length), "words": bar.result}
            for bar in bars
        ],
        "more": ngettext("and %(n)s more option", "and %(n)s more options", left) % {"n": left} if left else "",
        "room": 285 if left else 310,
        "facts": " · ".join(facts(poll, found, at)),
        "sample": _("Whoever wanted to could vote: this is self-selected, not a sample of the population."),
    }  # fmt: skip


def facts(poll: Poll, found: Results, at: datetime) -> list[str]:
    """How many, and when. Guests are counted by themselves."""
    said = [_("Results so far")] if poll.phase(at) == poll.Phase.OPEN else []
    said.append(ngettext("%(n)s ballot", "%(n)s ballots", found.ballots) % {"n": indian(found.ballots)})
    if found.guests:
        said.append(
            ngettext("apart from them %(n)s guest", "apart from them %(n)s guests", found.guests)
            % {"n": indian(found.guests)}
        )
    if found.aside and found.left_out:  # there is one line for everything
        out = found.aside + found.left_out
        said.append(_("%(n)s votes are being checked or were left out") % {"n": indian(out)})
    else:
        said += [words.rstrip(".।") for words in found.out]
    opened = {"from": ist_date(poll.opens_at)} if poll.opens_at else {}
    if opened and poll.closes_at:
        said.append(_("open from %(from)s to %(to)s") % {**opened, "to": ist_date(poll.closes_at)})
    elif opened:
        said.append(_("open since %(from)s") % opened)
    return said


def drawn(said: str) -> bytes:
    """The PNG; some twenty milliseconds."""
    return typst.compile(  # type: ignore[call-overload,no-any-return]
        DRAWING.read_bytes(), format="png", ppi=72, font_paths=FONTS, ignore_system_fonts=True, sys_inputs={"said": said}
    )  # fmt: skip


@cache
def drawing_mark() -> str:
    """Another drawing has other marks, so that nobody keeps the old picture."""
    return sha256(DRAWING.read_bytes()).hexdigest()
