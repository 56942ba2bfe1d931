"""Where citizens report: page and fragment, before and after signing in, their own and other people's texts."""

import pytest

from mygov.moderation import reporting
from mygov.moderation.models import Report
from tests.cast import person

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"hx-request": "true"}}
THANKS = "Thank you. A moderator will look at it, and you will be told what was decided."


@pytest.fixture
def things(say, bring, bilal):
    comment, idea = say(bilal), bring(bilal)
    return {
        "comment": (comment, f"/moderation/comments/{comment.pk}/report/", f"/comments/{comment.pk}/"),
        "idea": (idea, f"/moderation/ideas/{idea.pk}/report/", f"/ideas/{idea.pk}/"),
    }


@pytest.mark.parametrize("kind", ["comment", "idea"])
def test_reporting_without_htmx_leads_back_and_says_what_happens_next(client, asha, things, kind):
    client.force_login(asha)
    target, url, page = things[kind]
    assert "A moderator reads every report" in client.get(url).content.decode()
    response = client.post(url, {"reason": "offence", "words": "It is about me."})

    assert (response.status_code, response["Location"]) == (302, page)
    assert THANKS in client.get(page).content.decode()
    report = Report.objects.get()
    assert (getattr(report.case, kind), report.reporter, report.words) == (target, asha, "It is about me.")


@pytest.mark.parametrize("kind", ["comment", "idea"])
def test_reporting_with_htmx_swaps_the_form_and_its_thanks(client, asha, things, kind):
    client.force_login(asha)
    _target, url, _page = things[kind]
    form, thanks = client.get(url, **HTMX), client.post(url, {"reason": "spam"}, **HTMX)

    for part in (form, thanks):
        assert (part.status_code, "<html" in part.content.decode()) == (200, False)
    assert THANKS in thanks.content.decode()
    assert THANKS in thanks["HX-Trigger"].encode().decode("unicode_escape")


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_a_report_without_a_reason_says_so_and_keeps_the_words(client, asha, things, extra):
    client.force_login(asha)
    response = client.post(things["comment"][1], {"words": "Kept words"}, **extra)

    assert response.status_code == 422
    assert "Choose the rule it breaks." in response.content.decode()
    assert "Kept words" in response.content.decode()


@pytest.mark.parametrize("kind", ["comment", "idea"])
def test_whoever_is_not_signed_in_finds_what_they_typed_after_it(client, asha, things, kind):
    _target, url, _page = things[kind]
    page = client.get(url)
    assert page["Cache-Control"].startswith("public")
    assert not page.cookies
    assert "csrfmiddlewaretoken" not in page.content.decode()

    typed = {
        "draft_key": f"report:{kind}:{_target.pk}",
        "next": url,
        "reason": "illegal",
        "words": "My number is in it",
    }
    sent = client.post("/drafts/", typed)
    assert sent["Location"] == f"/accounts/login/?next={url.replace('/', '%2F')}"
    client.force_login(asha)
    text = client.get(url).content.decode()
    assert "My number is in it" in text
    assert 'value="illegal"' in text
    assert "checked" in text.split('value="illegal"')[1][:80]


def test_a_post_of_whoever_is_not_signed_in_is_kept_too(client, things):
    url = things["comment"][1]
    response = client.post(url, {"reason": "spam", "words": "Kept"}, **HTMX)

    assert response["HX-Redirect"] == f"/accounts/login/?next={url.replace('/', '%2F')}"
    assert client.session["drafts"][f"report:comment:{things['comment'][0].pk}"]["words"] == "Kept"


@pytest.mark.parametrize("kind", ["comment", "idea"])
def test_ones_own_text_cannot_be_reported(client, bilal, things, kind):
    client.force_login(bilal)
    _target, url, page = things[kind]
    for response in (client.get(url), client.post(url, {"reason": "spam"})):
        assert response.status_code == 403
        assert "You wrote this yourself." in response.content.decode()

    assert Report.objects.count() == 0
    assert url not in client.get(page).content.decode()


def test_an_official_answer_cannot_be_reported(client, asha, say, meera, education):
    client.force_login(asha)
    comment = say(meera, as_institution=education)

    assert client.post(f"/moderation/comments/{comment.pk}/report/", {"reason": "spam"}).status_code == 403


def test_reporting_twice_is_harmless(client, asha, things):
    client.force_login(asha)
    _target, url, page = things["comment"]
    answers = [client.post(url, {"reason": "spam"}) for _time in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, page)] * 2
    assert Report.objects.count() == 1
    assert "You reported this already." in client.get(url).content.decode()


def test_after_a_report_that_takes_it_out_of_sight_the_way_leads_to_the_activity(client, things, regular, discussion):
    comment, url, _page = things["comment"]
    reporting.report(comment, regular("t1"), "spam")
    client.force_login(regular("t2"))

    assert client.post(url, {"reason": "spam"})["Location"] == discussion.get_absolute_url()


@pytest.mark.parametrize("state", ["held", "hidden", "removed"])
def test_what_cannot_be_seen_cannot_be_reported(client, asha, things, state):
    comment, url, _page = things["comment"]
    type(comment).objects.filter(pk=comment.pk).update(state=state)
    client.force_login(asha)

    assert (client.get(url).status_code, client.get("/moderation/comments/999999/report/").status_code) == (404, 404)


@pytest.mark.parametrize(
    "data",
    [
        {"reason": "nonsense"},
        {"reason": "spam", "words": "w" * 501},
        {"reason": "😀" * 1000},
        {"reason": ["spam", "x"]},
    ],
)
def test_a_malformed_report_is_a_client_error(client, asha, things, data):
    client.force_login(asha)

    assert client.post(things["comment"][1], data).status_code == 422


# -- what the author and the others see ----------------------------------------------------------


def test_the_author_sees_at_once_why_a_text_waits_and_nobody_else_sees_it(client, newcomer, discussion):
    client.force_login(newcomer)
    sent = client.post(f"/comments/of/{discussion.slug}/", {"body": "Look: a.in b.in c.in"}, **HTMX)
    why = "It has 3 links; a new account may set 2 links."
    page = discussion.get_absolute_url()

    assert "Your comment waits for a moderator." in sent.content.decode()
    for text in (sent.content.decode(), client.get(page).content.decode()):
        assert "Only you see this: a moderator will look at it." in text
        assert why in text
        assert 'href="/community-rules/"' in text
    client.logout()
    assert "a.in" not in client.get(page).content.decode()


def test_others_see_a_tombstone_where_replies_hang(client, say, asha, bilal, mod, discussion):
    from mygov.moderation import deciding

    root = say(bilal, "A text that insults")
    say(asha, "A calm answer", parent=root, root=root, depth=1)
    case = reporting.report(root, asha, "offence").case
    deciding.decide(case, mod, "hide", seen=0, reason="offence", words="Without the insult, please.")
    text = client.get(discussion.get_absolute_url()).content.decode()

    assert ("A calm answer" in text, "Hidden by a moderator." in text, "A text that insults" in text) == (
        True,
        True,
        False,
    )
    assert "Without the insult" not in text
    client.force_login(bilal)
    own = client.get(discussion.get_absolute_url()).content.decode()
    for words in (
        "A text that insults",
        "Only you see this: a moderator has hidden it.",
        "Without the insult, please.",
    ):
        assert words in own


def test_the_report_form_costs_the_same_whatever_was_reported(client, asha, say, bilal, django_assert_num_queries):
    client.force_login(asha)
    comment = say(bilal)
    with django_assert_num_queries(6):
        client.get(f"/moderation/comments/{comment.pk}/report/")
    for n in range(3):
        reporting.report(comment, person(f"p{n}"), "spam")
    with django_assert_num_queries(6):
        client.get(f"/moderation/comments/{comment.pk}/report/")
