"""Where comments are shown: an activity, or something smaller in it, with the order the reader chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from commons.activities.eligibility import Eligibility, eligibility
from commons.activities.models import Activity
from commons.comments import ranking, reading, rules
from commons.comments.forms import CommentForm
from commons.comments.render import Viewer, whole_thread
from commons.people import drafts

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest


@dataclass(frozen=True)
class Place:
    """A conversation: `activity`, and `anchor` for what in it ("idea-12"); `page` is where it is shown."""

    activity: Activity
    page: str
    anchor: str = ""

    @property
    def sides(self) -> bool:
        return not self.anchor and self.activity.conversation == Activity.Conversation.SIDES

    @property
    def draft_key(self) -> str:
        return f"comment:{self.activity.pk}:{self.anchor}"

    def form(self, *args: Any, **kwargs: Any) -> CommentForm:
        return CommentForm(*args, most=self.activity.comment_limit, asks_stance=self.sides, **kwargs)


def order_for(request: HttpRequest, activity: Activity, phase: str) -> str:
    """The order asked for, or the default: shuffled while open, best after the close."""
    asked = request.GET.get("order", "")
    if asked in ranking.NAMES:
        return asked
    return "shuffled" if phase == Activity.Phase.OPEN else "best"


def seed_for(request: HttpRequest) -> str:
    """Everybody who is not signed in starts at the same point of the ring, which moves on every hour."""
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    return f"{timezone.now():%Y-%m-%d %H}"


def viewer_of(request: HttpRequest, place: Place, allowed: Eligibility, *, official: bool = False) -> Viewer:
    is_open = allowed.allowed or allowed.code in {"sign_in", "level", "members", "residents"}
    return Viewer(
        request, back=place.page, can_write=allowed.allowed or official, can_vote=is_open, nests=not place.sides,
        official=official,
    )  # fmt: skip


def conversation(request: HttpRequest, place: Place) -> dict[str, Any]:
    """Everything the templates `comments/_conversation.html` and `_composer.html` need: at most five queries.

    Raises Http404 for a made-up cursor.
    """
    activity = place.activity
    allowed = eligibility(request.user, activity)
    phase = activity.phase()
    name = order_for(request, activity, phase)
    order = ranking.order_named(name, seed_for(request))
    me = request.user.pk if request.user.is_authenticated else None
    official = rules.may_answer_officially(request.user, activity)
    viewer = viewer_of(request, place, allowed, official=official)
    stances = [1, -1] if place.sides else [None]
    cursor = request.GET.get("after", "")
    threads = {
        stance: reading.thread(activity, order, cursor=cursor, me=me, anchor=place.anchor, stance=stance)
        for stance in stances
    }
    shown = [row for thread in threads.values() for row in thread.pinned + thread.roots]
    ids = [row.id for row in shown] + [r.id for t in threads.values() for rows in t.replies.values() for r in rows]
    mine = reading.mine(ids, me)
    typed = drafts.kept(request, place.draft_key)
    return {
        "place": place,
        "activity": activity,
        "allowed": allowed,
        "official": official,
        "order": name,
        "orders": order_links(),
        "form": place.form(initial=typed),
        "typed": typed,
        "columns": [
            {"stance": stance, "html": whole_thread(thread, viewer, mine), "next": thread.next, "empty": not shown}
            for stance, thread in threads.items()
        ],
        "page": place.page,
    }


def order_links() -> list[tuple[str, str]]:
    from django.utils.translation import gettext as _

    words = {
        "shuffled": _("Mixed"), "best": _("Best"), "trending": _("Trending"), "newest": _("Newest"),
        "debated": _("Most discussed"),
    }  # fmt: skip
    return [(name, words[name]) for name in ranking.NAMES]
