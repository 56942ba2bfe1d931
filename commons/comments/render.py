"""Comments as HTML, by joining strings: a page of 60 costs a fraction of a template's (docs/decisions/0004).

Everything that is not already HTML goes through `escape` right where it is put in. `body_html` was sanitised when it
was written. Nothing else may be trusted.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape as html_escape
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from commons.comments.models import Comment
from commons.comments.reading import NOTHING, Mine, Row, Thread
from commons.core.moments import ist
from commons.core.numbers import indian
from commons.integrity import words as integrity

if TYPE_CHECKING:
    from django.http import HttpRequest

    from commons.comments.voting import Counts

S = Comment.State
escape = lru_cache(maxsize=5000)(html_escape)  # names come again and again
QUOTED = 120  # characters of what is answered


class Words:
    """The words and addresses around comments, once a language."""

    def __init__(self) -> None:
        self.reply = escape(_("Reply"))
        self.report = escape(_("Report"))
        rules, name = escape(reverse("pages:page", args=["community-rules"])), escape(_("Rules of the conversation"))
        self.rules = f'<a href="{rules}">{name}</a>'
        self.edit = escape(_("Edit"))
        self.remove = escape(_("Remove"))
        self.pin, self.unpin = escape(_("Pin")), escape(_("Unpin"))
        self.edited = escape(_("edited"))
        self.pinned = escape(_("Pinned"))
        self.official = escape(_("Official answer"))
        self.stances = {1: escape(_("For")), -1: escape(_("Against"))}
        self.gone = {
            S.REMOVED: escape(_("Taken back by its author.")),
            S.HIDDEN: escape(_("Hidden by a moderator.")),
            S.HELD: escape(_("Waiting for a moderator.")),
        }
        self.yours = {
            S.HELD: escape(_("Only you see this: a moderator will look at it.")),
            S.HIDDEN: escape(_("Only you see this: a moderator has hidden it.")),
        }
        self.up, self.down = around(_("Support what %(name)s said")), around(_("Oppose what %(name)s said"))
        self.support_instead = escape(_("Support this instead"))
        self.new_tab = escape(_("(opens in a new tab)"))
        self.your_vote = escape(_("your vote"))
        self.citizen = _("Citizen %(number)s")
        self.left = _("Somebody who left")
        self.answers = escape(_("In answer to:"))
        self.sign_in = escape(reverse("account_login"))
        marker = 987654321
        self.comment = reverse("comments:detail", args=[marker]).split(str(marker))
        self.person = reverse("people:public", args=[marker]).split(str(marker))
        self.reporting = reverse("moderation:report", args=[marker]).split(str(marker))
        self.reasons = reverse("moderation:reasons", args=[marker]).split(str(marker))
        self.appeal = escape(_("Why, and how to appeal"))


def around(text: str) -> tuple[str, str]:
    """What stands before and after the name in a text."""
    before, _mark, after = escape(text % {"name": "\n"}).partition("\n")
    return before, after


@lru_cache(maxsize=8)
def words_in(language: str) -> Words:
    return Words()


class Viewer:
    """For whom a list is drawn: what they may do, their token, where they are."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        back: str,
        can_write: bool,
        can_vote: bool,
        nests: bool = True,
        official: bool = False,
    ) -> None:
        self.me = request.user.pk if request.user.is_authenticated else None
        self.can_write, self.can_vote, self.nests, self.official = can_write, can_vote, nests, official
        self.back = escape(back)
        self.token = ""
        if self.me is not None:
            from django.middleware.csrf import get_token

            self.token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'


def comment_list(
    rows: list[Row], viewer: Viewer, mine: Mine, replies: dict[int, list[Row]] | None = None
) -> SafeString:
    """One <article> each. With `replies`, what is given below each root, and a link to what is not."""
    words = words_in(get_language() or "en")
    here = {row.id for row in rows}
    parts = []
    for row in rows:
        below = (replies or {}).get(row.id, [])
        beside = {reply.id for reply in below}
        inner = "".join(article(reply, viewer, mine, words, beside) for reply in below)
        rest = row.reply_count - sum(reply.state == S.VISIBLE for reply in below) if row.root_id is None else 0
        if rest > 0 and replies is not None:
            inner += more_replies(row, rest, words)
        below_it = f'<div class="replies">{inner}</div>' if row.root_id is None else ""
        parts.append(article(row, viewer, mine, words, here, below_it))
    return mark_safe("".join(parts))  # noqa: S308 - built from escaped parts above


def more_replies(row: Row, rest: int, words: Words) -> str:
    url = words.comment[0] + str(row.id) + words.comment[1]
    return (
        f'<p class="more-replies"><a href="{url}" hx-get="{url}replies/" hx-target="closest .replies" hx-swap="innerHTML">'
        f"{more_words(rest, get_language())}</a></p>"
    )


@lru_cache(maxsize=1000)
def more_words(rest: int, language: str | None) -> str:
    return escape(ngettext("%(n)s more reply", "%(n)s more replies", rest) % {"n": indian(rest)})


def article(row: Row, viewer: Viewer, mine: Mine, words: Words, here: set[int], below: str = "") -> str:
    """`here` are the comments it stands among: what it answers is quoted when that is not one of them."""
    own = viewer.me is not None and row.author_id == viewer.me
    if row.state != S.VISIBLE and not (own and row.state in words.yours):
        return (
            f'<article class="comment is-gone depth-{row.depth}" id="c{row.id}">'
            f"<p>{words.gone[S(row.state)]}</p>{below}</article>"
        )
    name = escape(name_of(row, words))
    kind = ""
    if row.institution is not None:
        by = f'<span class="seal">{name}</span> <span class="chip official">{words.official}</span>'
        kind = " is-official"
    elif row.has_page:
        by = f'<a class="who" href="{words.person[0]}{row.author_id}{words.person[1]}">{name}</a>'
    else:
        by = f'<span class="who">{name}</span>'
    url = words.comment[0] + str(row.id) + words.comment[1]
    facts = f'<a class="when" href="{url}#c{row.id}">{ist(row.created_at)}</a>'
    if row.edited_at:
        facts += f' <a href="{url}versions/">{words.edited}</a>'
    if row.stance:
        facts += f' <span class="chip stance{row.stance}">{words.stances[row.stance]}</span>'
    if row.pinned:
        facts += f' <span class="chip">{words.pinned}</span>'
    notice = ""
    if row.state in words.yours:
        why = (
            f' <a href="{words.reasons[0]}{row.id}{words.reasons[1]}">{words.appeal}</a>'
            if row.state == S.HIDDEN
            else ""
        )
        notice = (
            f'<p class="notice warning">{words.yours[S(row.state)]} {escape(row.state_words)} {words.rules}{why}</p>'
        )
    quote = ""
    if row.above is not None and (row.quotes or row.parent_id not in here):
        there = f"{words.comment[0]}{row.above_id}{words.comment[1]}#c{row.above_id}"
        quote = f'<p class="quote small"><a href="{there}">{words.answers}</a> {shortened(row.above)}</p>'
    return (
        f'<article class="comment{kind} depth-{row.depth}" id="{"top" if row.lifted else "c"}{row.id}">'
        f'<header>{by} <span class="facts">{facts}</span></header>{notice}{quote}'
        f'<div class="said" lang="{escape(row.language)}">{row.body_html}</div>'
        f"<footer>{votes(row, viewer, mine, words, name, own)}{acts(row, viewer, own, url, words)}</footer>"
        f"{below}</article>"
    )


def shortened(text: str) -> str:
    """The beginning of a text on one line, with an ellipsis where it goes on."""
    line = " ".join(text.split())
    return escape(line if len(line) <= QUOTED else f"{line[:QUOTED].rstrip()}…")


def name_of(row: Row | Counts, words: Words) -> str:
    """Who speaks: the institution, or the person by the name they chose."""
    if row.institution is not None:
        return str(LazyI18nString(row.institution))
    return row.author or (words.citizen % {"number": row.author_id} if row.author_id else words.left)


def vote_block(row: Row | Counts, viewer: Viewer, mine: Mine, words: Words) -> str:
    """The counts and buttons alone, as they are swapped after a vote."""
    own = viewer.me is not None and row.author_id == viewer.me
    return votes(row, viewer, mine, words, escape(name_of(row, words)), own)


def votes(row: Row | Counts, viewer: Viewer, mine: Mine, words: Words, name: str, own: bool) -> str:
    """Counts, and buttons for whoever may press them. `name` is HTML already."""
    comment, up, down = row.id, row.up, row.down
    if comment in mine.pending:
        more_up, more_down = mine.pending[comment]
        up, down = up + more_up, down + more_down
    shown_up, shown_down = indian(up), indian(down)
    note = out_of_count(row.aside, row.left_out, get_language()) if row.aside or row.left_out else ""
    for_label, against_label = name.join(words.up), name.join(words.down)
    if viewer.me is None and viewer.can_vote:
        to = f"{words.sign_in}?next={viewer.back}%23c{comment}"
        return (
            f'<div class="votes"><a class="vote up" href="{to}" aria-label="{for_label}: {shown_up}">▲ {shown_up}</a>'
            f'<a class="vote down" href="{to}" aria-label="{against_label}: {shown_down}">▼ {shown_down}</a>{note}</div>'
        )
    if viewer.me is None or own or not viewer.can_vote:
        return (
            f'<div class="votes"><span class="vote up" title="{for_label}">▲ {shown_up}</span>'
            f'<span class="vote down" title="{against_label}">▼ {shown_down}</span>{note}</div>'
        )
    url = f"{words.comment[0]}{comment}{words.comment[1]}vote/"

    def button(value: int, sign: str, shown: str, label: str, css: str) -> str:
        pressed = mine.votes.get(comment) == value
        send = 0 if pressed else value
        state = f", {words.your_vote}" if pressed else ""
        return (
            f'<button class="vote {css}" name="value" value="{send}" aria-pressed="{str(pressed).lower()}"'
            f' aria-label="{label}: {shown}{state}">{sign} {shown}</button>'
        )

    return (
        f'<form class="votes" method="post" action="{url}" hx-post="{url}" hx-target="this" hx-swap="outerHTML">'
        f'{viewer.token}<input type="hidden" name="next" value="{viewer.back}#c{comment}">'
        f"{button(1, '▲', shown_up, for_label, 'up')}{button(-1, '▼', shown_down, against_label, 'down')}{note}</form>"
    )


@lru_cache(maxsize=1000)
def out_of_count(aside: int, left_out: int, language: str | None) -> str:
    """What the counts leave out, beside them, so that no count changes silently."""
    said = [integrity.checked_words(aside), integrity.left_out_words(left_out)]
    return f'<span class="out-of-count">{escape(" ".join(filter(None, said)))}</span>'


def offer(row: Row, viewer: Viewer, mine: Mine) -> SafeString:
    """Something said before that is like what is being typed: its beginning, and one press to support it instead."""
    words = words_in(get_language() or "en")
    url = words.comment[0] + str(row.id) + words.comment[1]
    said = (
        f'<a href="{url}#c{row.id}" target="_blank" rel="noopener" lang="{escape(row.language)}">{shortened(row.body)}'
        f' <span class="visually-hidden">{words.new_tab}</span></a>'
    )
    supported, own = mine.votes.get(row.id) == 1, row.author_id == viewer.me
    count = indian(row.up + mine.pending.get(row.id, (0, 0))[0])
    if viewer.me is None or own or supported or not viewer.can_vote:
        return mark_safe(f'{said} <span class="vote up">▲ {count}</span>')  # noqa: S308 - built from escaped parts
    return mark_safe(  # noqa: S308 - built from escaped parts
        f'{said} <form class="votes" method="post" action="{url}vote/" hx-post="{url}vote/" hx-target="this"'
        f' hx-swap="outerHTML">{viewer.token}<input type="hidden" name="next" value="{viewer.back}">'
        f'<button class="vote up" name="value" value="1">▲ {words.support_instead} ({count})</button></form>'
    )


def acts(row: Row, viewer: Viewer, own: bool, url: str, words: Words) -> str:
    links = []
    if viewer.can_write and viewer.nests and row.state == S.VISIBLE:
        links.append(f'<a href="{url}reply/" hx-get="{url}reply/" hx-target="next .answer">{words.reply}</a>')
    if own and row.state == S.VISIBLE and viewer.can_write:
        links.append(f'<a href="{url}edit/">{words.edit}</a>')
    if own:
        links.append(f'<a href="{url}removal/">{words.remove}</a>')
    elif row.institution is None:
        to = f"{words.reporting[0]}{row.id}{words.reporting[1]}"
        links.append(f'<a href="{to}" hx-get="{to}" hx-target="next .answer">{words.report}</a>')
    if viewer.official and row.institution is not None and row.state == S.VISIBLE:
        links.append(f'<a href="{url}pin/">{words.unpin if row.pinned else words.pin}</a>')
    return f'<nav class="acts">{" ".join(links)}</nav><div class="answer"></div>'


def whole_thread(thread: Thread, viewer: Viewer, mine: Mine) -> SafeString:
    """Pinned answers, then the roots of this page, each with its first replies."""
    return comment_list(thread.pinned + thread.roots, viewer, mine, thread.replies)


__all__ = ["NOTHING", "Viewer", "comment_list", "votes", "whole_thread", "words_in"]
