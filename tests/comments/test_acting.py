"""What is done with a form or a button: with HTMX a fragment comes back, without it a page. Typed text is never lost."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from commons.comments import folding, writing
from commons.comments.models import Comment, CommentVote
from commons.people.models import Draft, User
from tests.cast import PASSWORD
from tests.comments.conftest import age, match, set_window

HTMX = {"HX-Request": "true"}
THREAD = "/comments/of/midday-meals/"


@pytest.fixture
def inside(asha) -> Client:
    """Asha's browser."""
    client = Client()
    client.force_login(asha)
    return client


def messages(response) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


def announced(response) -> str:
    return json.loads(response["HX-Trigger"])["announce"]


def typed_in(html: str) -> str:
    from html import unescape

    return unescape(match(r"<textarea[^>]*>\n?(.*?)</textarea>", html).group(1)).strip("\r\n")


# -- a comment ---------------------------------------------------------------------------------------------------------


def test_a_comment_without_htmx_leads_to_where_it_stands(inside, discussion) -> None:
    response = inside.post(THREAD, {"body": "Give eggs."})

    comment = Comment.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/comments/{comment.pk}/#c{comment.pk}")
    said = f"Your comment is published. Reference {comment.contribution.reference}."
    assert messages(response) == [("success", said)]
    assert said in inside.get(response["Location"]).content.decode()


def test_a_comment_with_htmx_comes_back_with_its_reference_and_an_empty_form(inside, discussion) -> None:
    response = inside.post(THREAD, {"body": "Give eggs."}, headers=HTMX)

    comment = Comment.objects.get()
    html = response.content.decode()
    said = f"Your comment is published. Reference {comment.contribution.reference}."
    assert (response.status_code, announced(response)) == (200, said)
    assert re.search(r'<div class="notice success"[^>]* data-focus><p><strong>' + re.escape(said), html)
    assert f'id="c{comment.pk}"' in html
    assert html.count('id="comment"') == 1
    assert typed_in(html) == ""
    assert "<html" not in html


def test_a_held_comment_says_that_it_waits(inside, discussion) -> None:
    from commons.comments import screening

    def everything(**asked: object) -> list[screening.Finding]:
        return [screening.Finding("spam", "It has links.")]

    screening.asked.connect(everything)
    try:
        plain, htmx = inside.post(THREAD, {"body": "One"}), inside.post(THREAD, {"body": "Two"}, headers=HTMX)
    finally:
        screening.asked.disconnect(everything)

    assert messages(plain)[0][1].startswith("Your comment waits for a moderator.")
    assert announced(htmx).startswith("Your comment waits for a moderator.")
    assert "It has links." in htmx.content.decode()
    assert "Only you see this" in inside.get(plain["Location"]).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "Write something first."),
        (" \u200d \u202e", "Write something first."),
        ("x" * 1001, "This is 1001 characters; at most 1000 are possible."),
    ],
)
def test_a_text_that_cannot_be_is_said_beside_the_field_and_stays_in_it(
    inside, discussion, headers, body, error
) -> None:
    response = inside.post(THREAD, {"body": body}, headers=headers)

    html = response.content.decode()
    assert response.status_code == 422
    assert "error-summary" in html
    assert error in html
    assert typed_in(html) == body
    assert ("<html" in html) == (not headers)
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_malformed_requests_are_refused_and_never_break(inside, say, bilal, headers) -> None:
    comment = say(by=bilal)
    for address in (THREAD, f"/comments/{comment.pk}/reply/"):
        for data in (
            {"body": "\ud800".encode("utf-8", "surrogatepass") + b"ok"},
            {"body": "x" * 1_000_000},
            {"x" * 100_000: "y"},
            {"body": ["a", "b"], "stance": "7", "at": "\x00", "official": "1"},
        ):
            assert inside.post(address, data, headers=headers).status_code < 500
    assert inside.post(THREAD, {f"f{n}": "x" for n in range(5000)}, headers=headers).status_code == 400
    for number in ("99999999999999999999", "9" * 400):
        assert inside.post(f"/comments/{number}/vote/", {"value": "1"}, headers=headers).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_closing_while_somebody_writes_keeps_the_draft_and_says_so(inside, asha, discussion, headers) -> None:
    text = "I thought about this <for> a long time."
    assert inside.get(THREAD).status_code == 200
    set_window(discussion, "-1 hour", "-1 second")
    response = inside.post(THREAD, {"body": text}, headers=headers)

    html = response.content.decode()
    assert response.status_code == 422
    assert "This has closed. Your text is kept as a draft." in html
    assert typed_in(html) == text
    assert Draft.objects.get(person=asha).fields["body"] == text
    again = inside.get("/discussions/midday-meals/").content.decode()
    assert "Your draft is kept:" in again
    assert typed_in(again) == text


def test_a_draft_is_there_again_and_gone_when_it_was_sent(inside, asha, discussion) -> None:
    Draft.objects.create(person=asha, key=f"comment:{discussion.pk}:", fields={"body": "Half a thought"})
    html = inside.get("/discussions/midday-meals/").content.decode()
    inside.post(THREAD, {"body": "A whole thought"})

    assert "Your draft is still here." in html
    assert typed_in(html) == "Half a thought"
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_for_and_against_asks_for_a_side_and_keeps_the_text(inside, make_discussion, headers) -> None:
    make_discussion("sides", conversation="sides")
    missing = inside.post("/comments/of/sides/", {"body": "Because."}, headers=headers)
    made_up = inside.post("/comments/of/sides/", {"body": "Because.", "stance": "0"}, headers=headers)
    given = inside.post("/comments/of/sides/", {"body": "Because.", "stance": "-1"}, headers=headers)

    assert "Choose for or against." in missing.content.decode()
    assert typed_in(missing.content.decode()) == "Because."
    assert [answer.status_code for answer in (missing, made_up, given)] == [422, 422, 200 if headers else 302]
    assert Comment.objects.get().stance == -1


# -- a reply -----------------------------------------------------------------------------------------------------------


def test_a_reply_is_a_fragment_under_the_comment_or_a_page_of_its_own(inside, say, bilal) -> None:
    root = say("Root", by=bilal)
    address = f"/comments/{root.pk}/reply/"
    fragment, whole = inside.get(address, headers=HTMX).content.decode(), inside.get(address).content.decode()

    assert "<html" not in fragment
    assert f'id="id_{root.pk}_body"' in fragment  # it stands on one page with the conversation's own form
    assert 'id="comment"' not in fragment
    assert "<p>Root</p>" in whole
    for html in (fragment, whole):
        assert f'action="{address}" hx-post="{address}"' in html


def test_a_reply_with_and_without_htmx(inside, say, bilal) -> None:
    root = say("Root", by=bilal)
    plain = inside.post(f"/comments/{root.pk}/reply/", {"body": "First"})
    htmx = inside.post(f"/comments/{root.pk}/reply/", {"body": "Second"}, headers=HTMX)

    first, second = Comment.objects.filter(parent=root).order_by("pk")
    assert plain["Location"] == f"/comments/{first.pk}/#c{first.pk}"
    assert f'id="c{second.pk}"' in htmx.content.decode()
    assert "<textarea" not in htmx.content.decode()
    assert announced(htmx) == f"Your comment is published. Reference {second.contribution.reference}."


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_reply_to_what_is_gone_keeps_the_text(inside, say, asha, bilal, headers, mod) -> None:
    root = say("Root", by=bilal)
    below = say("Below", by=asha, to=root)
    html = inside.get(f"/comments/{root.pk}/reply/").content.decode()
    writing.remove(root, bilal)

    assert "<textarea" in html
    assert inside.get(f"/comments/{root.pk}/reply/").status_code == 404
    assert inside.post(f"/comments/{below.pk}/reply/", {"body": "Still possible"}, headers=headers).status_code in {
        200,
        302,
    }


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_for_and_against_has_no_reply_page(inside, say, make_discussion, headers) -> None:
    point = say(activity=make_discussion("sides", conversation="sides"), stance=1)

    assert inside.get(f"/comments/{point.pk}/reply/", headers=headers).status_code == 404
    assert inside.post(f"/comments/{point.pk}/reply/", {"body": "No"}, headers=headers).status_code == 404


# -- officials ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_official_answers_officially_and_others_who_try_are_told(inside, say, meera, education, headers) -> None:
    root = say("When?")
    official = Client()
    official.force_login(meera)
    assert "Answer as Ministry of Education" in official.get(f"/comments/{root.pk}/reply/").content.decode()
    assert "Answer as" not in inside.get(f"/comments/{root.pk}/reply/").content.decode()

    official.post(f"/comments/{root.pk}/reply/", {"body": "In June.", "official": "1"}, headers=headers)
    refused = inside.post(f"/comments/{root.pk}/reply/", {"body": "In May.", "official": "1"}, headers=headers)

    assert Comment.objects.get(parent=root).as_institution == education
    assert refused.status_code == 422
    assert typed_in(refused.content.decode()) == "In May."


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_pinning_asks_first_and_leads_back(say, meera, education, headers) -> None:
    answer = say("We read all of this.", by=meera, as_institution=education)
    client = Client()
    client.force_login(meera)
    asked = client.get(f"/comments/{answer.pk}/pin/").content.decode()
    responses = [
        client.post(f"/comments/{answer.pk}/pin/", {"pinned": value}, headers=headers) for value in ("1", "1", "0")
    ]

    assert "Put this answer at the top?" in asked
    for response in responses:
        where = response["HX-Redirect"] if headers else response["Location"]
        assert (response.status_code, where) == (200 if headers else 302, "/discussions/midday-meals/")
    answer.refresh_from_db()
    assert answer.pinned_at is None


@pytest.mark.parametrize("who", ["asha", "dev", "mod"])
def test_nobody_else_finds_the_pin(say, meera, education, request, who) -> None:
    answer = say("We read all of this.", by=meera, as_institution=education)
    client = Client()
    client.force_login(request.getfixturevalue(who))

    assert client.get(f"/comments/{answer.pk}/pin/").status_code == 404
    assert client.post(f"/comments/{answer.pk}/pin/", {"pinned": "1"}).status_code == 404


# -- a vote ------------------------------------------------------------------------------------------------------------


def test_a_vote_comes_back_as_the_two_buttons_with_the_count(inside, say, bilal) -> None:
    comment = say(by=bilal)
    response = inside.post(
        f"/comments/{comment.pk}/vote/", {"value": "1", "next": "/discussions/midday-meals/#c1"}, headers=HTMX
    )

    html = response.content.decode()
    assert (response.status_code, announced(response)) == (200, "Your vote is recorded.")
    assert html.strip().startswith('<form class="votes"')
    assert re.search(r'value="0" aria-pressed="true" aria-label="Support what Bilal said: 1, your vote">▲ 1<', html)
    assert re.search(r'value="-1" aria-pressed="false" aria-label="Oppose what Bilal said: 0">▼ 0<', html)
    taken_back = inside.post(f"/comments/{comment.pk}/vote/", {"value": "0"}, headers=HTMX)
    assert announced(taken_back) == "Your vote is taken back."


def test_a_vote_without_htmx_leads_back_and_says_so(inside, say, bilal) -> None:
    comment = say(by=bilal)
    response = inside.post(f"/comments/{comment.pk}/vote/", {"value": "-1", "next": "/discussions/midday-meals/#c7"})

    assert (response.status_code, response["Location"]) == (302, "/discussions/midday-meals/#c7")
    assert messages(response) == [("success", "Your vote is recorded.")]
    assert "Oppose what Bilal said: 1, your vote" in inside.get("/discussions/midday-meals/").content.decode()


def test_votes_lead_back_to_the_order_the_reader_chose(inside, say, bilal) -> None:
    say(by=bilal)
    for query, back in (("?order=best", "?order=best"), ("", ""), ("?order=made-up", "")):
        page = inside.get(f"/discussions/midday-meals/{query}").content.decode()
        assert set(re.findall(r'name="next" value="/discussions/midday-meals/([^"#]*)', page)) == {back}


def test_nobody_is_led_away_by_a_vote(inside, say, bilal) -> None:
    response = inside.post(f"/comments/{say(by=bilal).pk}/vote/", {"value": "1", "next": "//evil.example/"})

    assert response["Location"] == "/"


@pytest.mark.parametrize("value", ["", "2", "x", "1.0", "\x00"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_vote_that_is_none_is_a_bad_request(inside, say, bilal, value, headers) -> None:
    assert inside.post(f"/comments/{say(by=bilal).pk}/vote/", {"value": value}, headers=headers).status_code == 400


def test_a_refused_vote_says_why_with_and_without_htmx(inside, say, asha, discussion) -> None:
    own = say()
    told = inside.post(f"/comments/{own.pk}/vote/", {"value": "1"}, headers=HTMX)
    shown = inside.post(f"/comments/{own.pk}/vote/", {"value": "1", "next": "/discussions/midday-meals/"})

    assert (told.status_code, told.content.decode()) == (409, "You cannot vote on your own comment.")
    assert messages(shown) == [("warning", "You cannot vote on your own comment.")]
    assert (shown.status_code, shown["Location"]) == (302, "/discussions/midday-meals/")


def test_a_vote_after_the_close_and_without_the_verification_is_refused_with_words(
    inside, say, asha, bilal, discussion
) -> None:
    comment = say(by=bilal)
    User.objects.filter(pk=asha.pk).update(level=0)
    unverified = inside.post(f"/comments/{comment.pk}/vote/", {"value": "1"}, headers=HTMX)
    User.objects.filter(pk=asha.pk).update(level=1)
    set_window(discussion, "-1 hour", "-1 second")
    late = inside.post(f"/comments/{comment.pk}/vote/", {"value": "1"}, headers=HTMX)

    assert [unverified.content.decode(), late.content.decode()] == [
        "This needs a higher verification.",
        "This has closed.",
    ]
    assert CommentVote.objects.count() == 0


def test_a_get_casts_no_vote(inside, say, bilal) -> None:
    assert inside.get(f"/comments/{say(by=bilal).pk}/vote/?value=1").status_code == 405


# -- changing and taking back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_changing_with_and_without_htmx(inside, say, headers) -> None:
    comment = age(say("Befor"), "1 hour")
    asked = inside.get(f"/comments/{comment.pk}/edit/", headers=headers).content.decode()
    wrong = inside.post(f"/comments/{comment.pk}/edit/", {"body": "x" * 1001}, headers=headers)
    right = inside.post(f"/comments/{comment.pk}/edit/", {"body": "Before"}, headers=headers)

    where = right["HX-Redirect"] if headers else right["Location"]
    assert typed_in(asked) == "Befor"
    assert "others will see that you changed it" in asked
    assert (wrong.status_code, typed_in(wrong.content.decode())) == (422, "x" * 1001)
    assert (right.status_code, where) == (200 if headers else 302, f"/comments/{comment.pk}/#c{comment.pk}")
    assert messages(right) == [("success", "Your comment is changed.")]


def test_in_the_first_minutes_nothing_is_said_about_versions(inside, say) -> None:
    assert "others will see" not in inside.get(f"/comments/{say().pk}/edit/").content.decode()


def test_a_change_after_the_close_keeps_the_text_as_a_draft(inside, say, asha, discussion) -> None:
    comment = say("Before")
    set_window(discussion, "-1 hour", "-1 second")
    response = inside.post(f"/comments/{comment.pk}/edit/", {"body": "After"})

    html = response.content.decode()
    assert response.status_code == 422
    assert "This has closed. Your text is kept as a draft." in html
    assert typed_in(html) == typed_in(inside.get(f"/comments/{comment.pk}/edit/").content.decode()) == "After"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_taking_back_asks_first(inside, say, headers) -> None:
    comment = say("Regret")
    asked = inside.get(f"/comments/{comment.pk}/removal/", headers=headers).content.decode()
    response = inside.post(f"/comments/{comment.pk}/removal/", headers=headers)

    where = response["HX-Redirect"] if headers else response["Location"]
    assert "Its text is wiped for good." in asked
    assert (response.status_code, where) == (200 if headers else 302, "/discussions/midday-meals/")
    assert inside.get(f"/comments/{comment.pk}/").status_code == 404


@pytest.mark.parametrize("end", ["edit", "removal"])
@pytest.mark.parametrize("who", ["bilal", "meera", "mod", "admin"])
def test_nobody_else_finds_these_pages(say, request, end, who) -> None:
    comment = say("Mine")
    client = Client()
    client.force_login(request.getfixturevalue(who))

    assert client.get(f"/comments/{comment.pk}/{end}/").status_code == 404
    assert client.post(f"/comments/{comment.pk}/{end}/", {"body": "Yours"}).status_code == 404
    comment.refresh_from_db()
    assert comment.body == "Mine"


# -- signing in on the way ---------------------------------------------------------------------------------------------


def sign_in(client: Client, response) -> str:
    """Follows to the sign-in form, signs in there, and returns the page one comes back to."""
    where = response.headers.get("HX-Redirect") or response.headers["Location"]
    assert urlsplit(where).path == "/accounts/login/"
    assert client.get(where).status_code == 200
    following = parse_qs(urlsplit(where).query)["next"][0]
    answer = client.post(where, {"login": "asha@example.org", "password": PASSWORD, "next": following})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == following
    page = client.get(following)
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("what", ["comment", "reply", "edit"])
def test_a_lost_session_loses_no_text(inside, say, asha, bilal, discussion, headers, what) -> None:
    root = say("Root", by=bilal)
    own = say("Own")
    address = {"comment": THREAD, "reply": f"/comments/{root.pk}/reply/", "edit": f"/comments/{own.pk}/edit/"}[what]
    assert inside.get(address).status_code == 200
    inside.cookies["sessionid"] = "expired0expired0expired0expired0"
    response = inside.post(address, {"body": "A long & careful <text>.", "at": ""}, headers=headers)

    assert response.status_code == (200 if headers else 302)
    assert ("HX-Redirect" in response.headers) == bool(headers)
    html = sign_in(inside, response)
    assert typed_in(html) == "A long & careful <text>."
    assert Comment.objects.count() == 2
    sent = inside.post(address, {"body": typed_in(html), "at": ""}, headers=headers)
    assert sent.status_code == (200 if headers else 302)
    assert Comment.objects.filter(body="A long & careful <text>.", author=asha).count() == 1
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("what", ["comment", "reply"])
def test_whoever_is_not_signed_in_writes_first_and_signs_in_last(client, say, asha, bilal, discussion, what) -> None:
    root = say("Root", by=bilal)
    address = {"comment": "/discussions/midday-meals/", "reply": f"/comments/{root.pk}/reply/"}[what]
    html = client.get(address).content.decode()
    action = match(r'<form method="post" action="(/drafts/)">', html).group(1)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html))
    response = client.post(action, {**hidden, "body": "From a stranger"}, headers={"origin": "http://testserver"})

    html = sign_in(client, response)
    assert "Your draft is still here." in html
    assert typed_in(html) == "From a stranger"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_vote_without_a_session_leads_to_sign_in_and_back_to_the_comment(client, say, headers) -> None:
    comment = say()
    back = f"/discussions/midday-meals/#c{comment.pk}"
    response = client.post(f"/comments/{comment.pk}/vote/", {"value": "1", "next": back}, headers=headers)

    where = response.headers.get("HX-Redirect") or response.headers["Location"]
    assert parse_qs(urlsplit(where).query)["next"] == [back]
    folding.fold()
    assert CommentVote.objects.count() == 0


def test_whoever_is_not_signed_in_finds_votes_and_replies_that_lead_to_sign_in(client, say, discussion) -> None:
    root = say("Root")
    html = client.get("/discussions/midday-meals/").content.decode()

    assert (
        f'href="/accounts/login/?next=/discussions/midday-meals/%23c{root.pk}" aria-label="Support what Asha said: 0"'
        in html
    )
    assert f'<a href="/comments/{root.pk}/reply/"' in html
    for end in ("edit", "removal", "pin"):
        assert urlsplit(client.get(f"/comments/{root.pk}/{end}/")["Location"]).path == "/accounts/login/"
