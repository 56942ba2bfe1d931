"""What is read: conversations, threads, permalinks, versions. The same for everybody who is not signed in."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commons.activities.models import Activity, Contribution
from commons.comments import moderating, reading, voting, writing
from commons.comments.models import Comment
from tests.comments.conftest import age, match, set_window

HTMX = {"HX-Request": "true"}


def page(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return response.content.decode()


def articles(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'<article class="comment[^"]*" id="c(\d+)"', html)]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


# -- the conversation --------------------------------------------------------------------------------------------------


def test_a_conversation_shows_who_said_what_when_and_how_many_agree(client, say, bilal, discussion) -> None:
    root = say("Give **eggs**.")
    reply = say("And milk.", by=bilal, to=root)
    Comment.objects.filter(pk=root.pk).update(up=12_345, down=2)
    html = page(client, "/discussions/midday-meals/")

    assert articles(html) == [root.pk, reply.pk]
    assert "<p>Give <strong>eggs</strong>.</p>" in html
    assert "▲ 12,345" in html
    assert f'<a class="who" href="/people/{bilal.pk}/">Bilal</a>' in html
    assert f'<a class="when" href="/comments/{root.pk}/#c{root.pk}">' in html


def test_a_name_or_text_of_somebody_hostile_stays_text(client, say, asha, discussion) -> None:
    type(asha).objects.filter(pk=asha.pk).update(display_name='"><script>x()</script>')
    root = say("<img src=x onerror=x()>")
    deep = say("<b>deep</b>", to=say(to=say(to=root)))
    say("[x](javascript:x()) <script>x()</script>", to=deep)
    html = page(client, f"/comments/{root.pk}/") + page(client, "/discussions/midday-meals/")

    assert "<script>x" not in html
    assert "<img src=x" not in html
    assert "<b>deep" not in html
    assert "javascript:x" not in re.sub(r"<div class=\"said\".*?</div>|<p class=\"quote.*?</p>", "", html, flags=re.S)
    assert 'href="javascript' not in html


def test_more_comments_come_by_link_and_by_htmx_and_each_once(client, say, discussion) -> None:
    said = [say().pk for _n in range(45)]
    html = page(client, "/discussions/midday-meals/?order=newest")
    found = articles(html)
    fragments = 0
    while link := re.search(r'hx-get="([^"]*after=[^"]*)"', html):
        address = link.group(1).replace("&amp;", "&")
        whole, html = page(client, address), page(client, address, **HTMX)
        assert articles(whole) == articles(html)
        assert "<html" in whole
        assert "<html" not in html
        found += articles(html)
        fragments += 1

    assert (found, fragments) == (said[::-1], 2)


def test_two_replies_are_shown_and_the_others_on_demand(client, say, bilal, discussion) -> None:
    root = say()
    below = [say(by=bilal, to=root).pk for _n in range(5)]
    html = page(client, "/discussions/midday-meals/")

    assert articles(html) == [root.pk, *below[:2]]
    assert f'href="/comments/{root.pk}/" hx-get="/comments/{root.pk}/replies/"' in html
    assert "3 more replies" in html
    assert articles(page(client, f"/comments/{root.pk}/replies/", **HTMX)) == below
    assert articles(page(client, f"/comments/{root.pk}/")) == [root.pk, *below]
    response = client.get(f"/comments/{root.pk}/replies/")
    assert (response.status_code, response["Location"]) == (302, f"/comments/{root.pk}/")


def test_many_replies_come_in_pages_by_link_and_by_htmx(client, say, monkeypatch, discussion) -> None:
    monkeypatch.setattr(reading, "REPLIES_A_PAGE", 3)
    root = say()
    below = [say(to=root).pk for _n in range(7)]
    by_link, by_htmx, address, fragment = [], [], f"/comments/{root.pk}/", f"/comments/{root.pk}/replies/"
    while address:
        html, part = page(client, address), page(client, fragment, **HTMX)
        by_link += articles(html)[1:]
        by_htmx += articles(part)
        more = re.search(r'href="(\?after=\d+)">Show more replies', html)
        address = f"/comments/{root.pk}/{more.group(1)}" if more else ""
        fragment = match(r'hx-get="([^"]*)"[^>]*>Show more replies', part).group(1) if more else ""

    assert by_link == by_htmx == below


def test_the_permalink_of_a_deep_reply_shows_it_in_its_thread_and_the_way_to_the_beginning(
    client, say, monkeypatch
) -> None:
    monkeypatch.setattr(reading, "REPLIES_A_PAGE", 6)
    root = say("The root")
    below = [say(to=root) for _n in range(20)]
    deep = say("Deep down", to=say(to=say(to=below[3])))

    html = page(client, f"/comments/{deep.pk}/")
    assert articles(html)[0] == root.pk
    assert deep.pk in articles(html)
    assert below[0].pk not in articles(html)
    assert '<a href="?after=0">Earlier replies</a>' in html
    assert articles(page(client, f"/comments/{deep.pk}/?after=0"))[1] == below[0].pk
    assert deep.contribution.reference in html


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "९", "²", "1e9", ""])
def test_a_made_up_place_in_a_thread_is_its_beginning(client, say, after) -> None:
    root = say()
    below = say(to=root)

    assert articles(page(client, f"/comments/{root.pk}/?after={after}")) == [root.pk, below.pk]
    assert articles(page(client, f"/comments/{root.pk}/replies/?after={after}", **HTMX)) == [below.pk]


def test_what_a_reply_answers_is_quoted_where_it_does_not_stand_under_it(client, say, bilal, discussion) -> None:
    root = say("Root")
    first = say("What about <milk>?", to=root)
    say("Second", to=root)
    say("Third", to=root)
    answer = say("Milk is in the plan.", by=bilal, to=first)
    four = say("Five", to=say("Four", to=answer))

    whole = page(client, f"/comments/{root.pk}/")
    assert whole.count("In answer to:") == 1  # the one that is too deep to stand under what it answers
    assert f'<a href="/comments/{four.answers_id}/#c{four.answers_id}">In answer to:</a> Four</p>' in whole
    Comment.objects.filter(body="Second").update(as_institution=discussion.institution)
    Comment.objects.filter(pk=answer.pk).update(as_institution=discussion.institution)
    html = page(client, "/discussions/midday-meals/")  # two replies each, the official ones first
    assert "In answer to:</a> What about &lt;milk&gt;?</p>" in html


def test_a_tombstone_says_so_and_its_thread_can_still_be_read(client, say, asha, bilal, mod, discussion) -> None:
    taken_back, hidden = say("Regret"), say("Rude")
    replies = {root.pk: [say(by=bilal, to=root).pk for _n in range(4)] for root in (taken_back, hidden)}
    writing.remove(taken_back, asha)
    moderating.hide(hidden, mod, "offence", "Rude.")
    html = page(client, "/discussions/midday-meals/")

    assert "Taken back by its author." in html
    assert "Hidden by a moderator." in html
    assert "Regret" not in html
    assert "Rude" not in html
    for root, below in replies.items():
        assert articles(page(client, f"/comments/{root}/replies/", **HTMX)) == below
        assert articles(page(client, f"/comments/{root}/")) == [root, *below]


def test_hidden_and_held_are_seen_by_their_author_alone_with_the_reason(
    client, say, asha, bilal, mod, discussion
) -> None:
    hidden, held = say("Something rude"), say("Something long")
    moderating.hide(hidden, mod, "offence", "Please stay <polite>.")
    Comment.objects.filter(pk=held.pk).update(state="held", state_words="It has links.")
    others = [client, signed_in(bilal), signed_in(mod)]

    html = page(signed_in(asha), "/discussions/midday-meals/")
    assert "Something rude" in html
    assert "Only you see this: a moderator has hidden it. Please stay &lt;polite&gt;." in html
    assert "Only you see this: a moderator will look at it. It has links." in html
    for reader in others:
        assert "Something" not in page(reader, "/discussions/midday-meals/")
        for comment in (hidden, held):
            assert reader.get(f"/comments/{comment.pk}/").status_code == 404
            assert reader.get(f"/comments/{comment.pk}/versions/").status_code == 404


def test_for_and_against_stand_side_by_side_and_each_goes_on_by_itself(client, say, make_discussion) -> None:
    sides = make_discussion("sides", conversation="sides")
    pro = [say(activity=sides, stance=1).pk for _n in range(25)]
    contra = [say(activity=sides, stance=-1).pk for _n in range(23)]
    html = page(client, "/discussions/sides/?order=newest")
    found: dict[int, list[int]] = {}
    assert articles(html) == pro[:4:-1] + contra[:2:-1]
    for address, side in re.findall(r'hx-get="([^"]*side=(-?1)[^"]*)"', html):
        found[int(side)] = articles(page(client, address.replace("&amp;", "&"), **HTMX))
        assert articles(page(client, address.replace("&amp;", "&"))) == found[int(side)]

    assert found == {1: pro[4::-1], -1: contra[2::-1]}
    assert "Reply" not in html


def test_one_empty_side_says_so(client, say, make_discussion) -> None:
    say(activity=make_discussion("sides", conversation="sides"), stance=1)

    html = page(client, "/discussions/sides/")
    assert "Nobody has said anything on this side yet." in html
    assert "Nobody has said anything yet. Begin." not in html


def test_an_empty_conversation_asks_to_begin(client, discussion) -> None:
    assert "Nobody has said anything yet. Begin." in page(client, "/discussions/midday-meals/")


def test_versions_are_shown_and_only_where_something_was_changed(client, say, asha) -> None:
    comment = age(say("Before"), "1 hour")
    assert "edited" not in page(client, f"/comments/{comment.pk}/")
    writing.edit(comment, asha, "After")

    assert f'<a href="/comments/{comment.pk}/versions/">edited</a>' in page(client, f"/comments/{comment.pk}/")
    assert "<p>Before</p>" in page(client, f"/comments/{comment.pk}/versions/")


def test_an_official_answer_carries_the_institutions_seal_and_not_the_officials_name(
    client, say, meera, education
) -> None:
    answer = say("In June.", by=meera, as_institution=education)
    html = page(client, f"/comments/{answer.pk}/")

    assert '<span class="seal">Ministry of Education</span> <span class="chip official">Official answer</span>' in html
    assert "Meera" not in html
    assert "शिक्षा मंत्रालय" in page(client, f"/hi/comments/{answer.pk}/")


def test_somebody_who_left_has_no_page_and_no_name(client, say) -> None:
    comment = say()
    Comment.objects.filter(pk=comment.pk).update(author=None)

    assert '<span class="who">Somebody who left</span>' in page(client, f"/comments/{comment.pk}/")


@pytest.mark.parametrize("text_language", ["hi", "en"])
def test_each_text_says_its_language(client, say, text_language) -> None:
    comment = say({"hi": "अंडे दीजिए", "en": "Give eggs"}[text_language])

    assert f'<div class="said" lang="{text_language}">' in page(client, f"/hi/comments/{comment.pk}/")


# -- not found ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "replies/", "reply/", "edit/", "removal/", "pin/", "versions/"])
def test_what_is_not_there_or_not_published_is_the_same_404(say, asha, discussion, end) -> None:
    comment = say()
    client = signed_in(asha)
    Activity.objects.update(state="draft")
    answers = [
        client.get(f"/comments/{number}/{end}", headers=HTMX if end == "replies/" else {})
        for number in (comment.pk, comment.pk + 1, 10**30)
    ]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize("anchor", ["idea-1", "idea-x", "idea-99999999999999999999", "clause-7", "anything"])
def test_nobody_opens_a_conversation_where_there_is_none(client, asha, discussion, anchor) -> None:
    address = f"/comments/of/midday-meals/?at={anchor}"
    inside = signed_in(asha)

    assert client.get(address).status_code == 404
    assert inside.post(address, {"body": "Psst", "at": anchor}).status_code == 404
    assert inside.get(f"/comments/similar/midday-meals/?at={anchor}&body=psst", headers=HTMX).status_code == 404
    assert Comment.objects.count() == 0


def test_an_activity_without_a_conversation_has_no_such_page(client, asha, make_discussion) -> None:
    make_discussion("quiet", conversation="none")

    assert client.get("/comments/of/quiet/").status_code == 404
    assert signed_in(asha).post("/comments/of/quiet/", {"body": "Psst"}).status_code == 404


# -- costs and caches --------------------------------------------------------------------------------------------------


def fill(activity: Activity, author, many: int, root: Comment | None = None) -> list[Comment]:
    lines = Contribution.objects.bulk_create(
        Contribution(activity=activity, person=author, kind="comment", excerpt="x", language="en") for _n in range(many)
    )
    rows = Comment.objects.bulk_create(
        Comment(
            activity=activity, author=author, contribution=line, body=f"Text {n}", body_html=f"<p>Text {n}</p>",
            parent=root, root=root, depth=1 if root else 0,
        )
        for n, line in enumerate(lines)
    )  # fmt: skip
    if root:
        Comment.objects.filter(pk=root.pk).update(reply_count=many)
    return rows


def queries(client: Client, address: str, **headers: str) -> int:
    client.get(address, headers=headers)  # whatever is kept in memory is kept by now
    with CaptureQueriesContext(connection) as asked:
        page(client, address, **headers)
    return len(asked)


def test_queries_do_not_grow_with_comments(client, say, asha, bilal, meera, people, discussion) -> None:
    first = fill(discussion, bilal, 3)
    fill(discussion, bilal, 3, first[0])
    other = say("The other root", by=bilal)
    fill(discussion, bilal, 3, other)
    voting.vote(first[0].pk, asha.pk, 1)
    addresses = {
        "/discussions/midday-meals/": ({}, 8, 12),
        "/comments/of/midday-meals/": ({}, 7, 11),
        f"/comments/{first[0].pk}/": ({}, 6, 10),
        f"/comments/{first[0].pk}/replies/": (HTMX, 5, 8),
    }
    readers = {"nobody": client, "asha": signed_in(asha), "meera": signed_in(meera)}

    def measure() -> dict[tuple[str, str], int]:
        return {
            (name, address): queries(reader, address, **headers)
            for address, (headers, _out, _in) in addresses.items()
            for name, reader in readers.items()
        }

    few = measure()
    crowd = people(40)
    for person in crowd:
        fill(discussion, person, 23, other)
        fill(discussion, person, 1)
        voting.vote(first[0].pk, person.pk, 1)
    many = measure()

    assert Comment.objects.count() > 960
    assert many == few
    for address, (_headers, out, inside) in addresses.items():
        assert few["nobody", address] <= out, address
        assert few["asha", address] <= inside, address
        assert few["meera", address] <= inside + 2, address  # an official: two more, for what they may do here


def test_orders_and_deep_pages_cost_the_same(client, say, bilal, discussion) -> None:
    fill(discussion, bilal, 70)
    costs = set()
    for order in ("best", "trending", "newest", "debated"):
        address = f"/comments/of/midday-meals/?order={order}"
        costs.add(queries(client, address))
        for _page in range(3):
            html = page(client, address)
            address = match(r'hx-get="([^"]*after=[^"]*)"', html).group(1).replace("&amp;", "&")
            costs.add(queries(client, address))

    assert len(costs) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/discussions/midday-meals/",
        "/comments/of/midday-meals/",
        "/comments/{}/",
        "/comments/{}/reply/",
        "/comments/{}/versions/",
    ],
)
def test_pages_are_the_same_bytes_for_everybody_who_is_not_signed_in(say, asha, path) -> None:
    root = say()
    say(to=root)
    address = path.format(root.pk)
    visitors = [Client(), Client(headers={"user-agent": "Lynx", "accept-language": "hi", "x-forwarded-for": "1.2.3.4"})]
    visitors[1].cookies["theme"] = "dark"
    visitors[1].cookies["csrftoken"] = "a" * 32
    first, second = (visitor.get(address) for visitor in visitors)

    assert first.content == second.content
    for answer in (first, second):
        assert answer.status_code == 200
        assert not answer.cookies
        assert b"csrfmiddlewaretoken" not in answer.content
        assert answer["Cache-Control"].startswith("public, max-age=")
        assert "Cookie" in answer["Vary"]
        assert "HX-Request" in answer["Vary"]
    assert signed_in(asha).get(address)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/comments/{}/replies/", "/comments/{}/reply/", "/comments/of/midday-meals/?order=newest&after={}"]
)
def test_fragments_are_the_same_for_everybody_too(say, path) -> None:
    from commons.core import keyset

    root = say()
    say(to=root)
    address = path.format(keyset.encode([root.pk + 9, root.pk + 9]) if "after" in path else root.pk)
    first, second = (Client().get(address, headers=HTMX) for _n in range(2))

    assert first.content == second.content
    assert first["Cache-Control"].startswith("public, max-age=")
    assert not first.cookies
    assert b"csrf" not in first.content


def test_the_default_order_is_mixed_while_open_and_best_after_the_close(client, say, discussion) -> None:
    say()
    assert re.search(r'order=shuffled[^>]*aria-current="true"', page(client, "/discussions/midday-meals/"))
    set_window(discussion, "-2 hours", "-1 hour")
    assert re.search(r'order=best[^>]*aria-current="true"', page(client, "/discussions/midday-meals/"))
    assert re.search(r'order=debated[^>]*aria-current="true"', page(client, "/discussions/midday-meals/?order=debated"))
    assert re.search(r'order=best[^>]*aria-current="true"', page(client, "/discussions/midday-meals/?order=made-up"))


def test_nothing_invites_to_write_or_vote_after_the_close(client, say, asha, bilal, discussion) -> None:
    say()
    set_window(discussion, "-2 hours", "-1 hour")
    for reader in (client, signed_in(asha), signed_in(bilal)):
        html = page(reader, "/discussions/midday-meals/")
        assert "This has closed." in html
        assert ">Reply<" not in html
        assert ">Edit<" not in html
        assert '<form class="votes"' not in html
        assert "<textarea" not in html


def test_before_it_opens_it_says_when_and_takes_nothing(client, make_discussion) -> None:
    later = timezone.now() + timedelta(hours=1)
    make_discussion("soon", opens_at=later, closes_at=later + timedelta(days=1))

    html = page(client, "/discussions/soon/")
    assert "This has not opened yet." in html
    assert "<textarea" not in html
