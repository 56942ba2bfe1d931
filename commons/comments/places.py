"""Where comments are shown: an activity, or something smaller in it, with the order the reader chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.activities.eligibility import Eligibility, closed, eligibility
from commons.activities.kinds import Anchored, kind
from commons.activities.models import Activity
from commons.comments import ranking, reading, rules
from commons.comments.forms import CommentForm
from commons.comments.render import Viewer, whole_thread
from commons.core import clock
from commons.people import drafts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from commons.comments.models import Comment
    from commons.people.models import User


@dataclass(frozen=True)
class Place:
    """A conversation: `activity`, and `anchor` for what in it ("idea-12", `thing`); `page` is where it is shown."""

    activity: Activity
    page: str
    anchor: str = ""
    thing: Anchored | None = None

    @property
    def title(self) -> object:
        """What is talked about."""
        return self.thing or self.activity.title

    @property
    def sides(self) -> bool:
        return not self.anchor and self.activity.conversation == Activity.Conversation.SIDES

    def allows(self, user: User | AnonymousUser, at: datetime | None = None) -> Eligibility:
        """Whether this person may take part here at that moment (the database's now when none is given)."""
        allowed = eligibility(user, self.activity, at)
        return closed() if self.thing and not self.thing.takes_comments and allowed.code != "not_published" else allowed

    def draft_key(self, parent: Comment | None = None) -> str:
        return f"comment:{self.activity.pk}:{self.anchor}" + (f":{parent.pk}" if parent else "")

    def composer_page(self, parent: Comment | None = None) -> str:
        """Where the form stands: under the conversation's heading, or on a page of its own for a reply."""
        return reverse("comments:reply", args=[parent.pk]) if parent else f"{self.page}#comment"

    def form(self, *args: Any, parent: Comment | None = None, **kwargs: Any) -> CommentForm:
        """A reply's fields have ids of their own, since several forms may stand on one page; it is opened to be typed in."""
        auto_id = f"id_{parent.pk}_%s" if parent else "id_%s"
        most = self.activity.comment_limit
        form = CommentForm(*args, most=most, asks_stance=self.sides, auto_id=auto_id, **kwargs)
        if parent:
            form.fields["body"].widget.attrs["data-focus"] = True
        return form


def place_in(activity: Activity, user: User | AnonymousUser, anchor: str = "") -> Place:
    """The conversation of an activity, or of something in it. Raises Http404 when there is none this person may see."""
    if not anchor and activity.conversation != Activity.Conversation.NONE:
        return Place(activity, activity.get_absolute_url())
    thing = kind(activity.kind).anchored(user, activity.pk, anchor) if anchor else None
    if thing is None:
        raise Http404
    return Place(activity, thing.get_absolute_url(), anchor, thing)


def order_for(request: HttpRequest, phase: str) -> str:
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


def viewer_of(
    request: HttpRequest, place: Place, allowed: Eligibility, *, official: bool = False, back: str = ""
) -> Viewer:
    """What the reader may do here. Whoever is not signed in is led to sign in by the same links, and back again."""
    is_open = allowed.allowed or allowed.code in {"sign_in", "level", "members", "residents"}
    writes = allowed.allowed or allowed.code == "sign_in" or official
    return Viewer(
        request, back=back or place.page, can_write=writes, can_vote=is_open, nests=not place.sides, official=official
    )  # fmt: skip


def composer(
    place: Place, form: CommentForm, *, allowed: Eligibility, official: bool,
    parent: Comment | None = None, typed: dict[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What `comments/_composer.html` needs."""
    thread = reverse("comments:thread", args=[place.activity.slug])
    return {
        "place": place, "activity": place.activity, "page": place.page, "form": form, "parent": parent,
        "allowed": allowed, "official": official, "typed": typed or {}, "draft_key": place.draft_key(parent),
        "action": place.composer_page(parent) if parent else thread, "back": place.composer_page(parent),
    }  # fmt: skip


def conversation(request: HttpRequest, place: Place, now: datetime | None = None) -> dict[str, Any]:
    """Everything the templates `comments/_conversation.html` and `_composer.html` need, in a handful of queries.

    `now` is the database's moment, if the page asked for it already. Raises Http404 for a made-up cursor.
    """
    activity = place.activity
    now = now or clock.now()
    allowed = place.allows(request.user, now)
    name = order_for(request, activity.phase(now))
    order = ranking.order_named(name, seed_for(request))
    me = request.user.pk if request.user.is_authenticated else None
    official = rules.may_answer_officially(request.user, activity)
    # Who votes without a script comes back to the same order: in another one the comment may stand on another page.
    page, sign, end = place.page.partition("#")
    back = f"{page}?order={name}{sign}{end}" if request.GET.get("order") == name else ""
    viewer = viewer_of(request, place, allowed, official=official, back=back)
    threads = {
        stance: reading.thread(
            activity, order, cursor=request.GET.get("after", ""), me=me, anchor=place.anchor, stance=stance
        )
        for stance in stances_shown(request, place)
    }
    shown = [row for thread in threads.values() for row in thread.pinned + thread.roots]
    ids = [row.id for row in shown] + [r.id for t in threads.values() for rows in t.replies.values() for r in rows]
    mine = reading.mine(ids, me)
    typed = drafts.kept(request, place.draft_key())
    columns = [
        {"stance": stance, "html": whole_thread(thread, viewer, mine), "more": more_url(place, name, thread, stance)}
        for stance, thread in threads.items()
    ]  # fmt: skip
    form = place.form(initial=typed)
    return {
        **composer(place, form, allowed=allowed, official=official, typed=typed),
        "order": name, "orders": order_links(), "columns": columns, "anybody": bool(shown),
    }  # fmt: skip


def stances_shown(request: HttpRequest, place: Place) -> Sequence[int | None]:
    """Both sides, or the one that is being read on; a thread has none."""
    if not place.sides:
        return [None]
    return {"1": [1], "-1": [-1]}.get(request.GET.get("side", ""), [1, -1])


def more_url(place: Place, order: str, thread: reading.Thread, stance: int | None) -> str:
    """Where this list goes on; empty at its end."""
    if thread.next is None:
        return ""
    asked = {"order": order, "after": thread.next}
    asked |= {"at": place.anchor} if place.anchor else {}
    asked |= {"side": str(stance)} if stance is not None else {}
    return f"{reverse('comments:thread', args=[place.activity.slug])}?{urlencode(asked)}"


def order_links() -> list[tuple[str, str]]:
    words = {
        "shuffled": _("Mixed"), "best": _("Best"), "trending": _("Trending"), "newest": _("Newest"),
        "debated": _("Most discussed"),
    }  # fmt: skip
    return [(name, words[name]) for name in ranking.NAMES]
