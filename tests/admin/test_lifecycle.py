"""The whole life of an activity through the admin's pages, as meera writes and arjun approves."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commons.activities import lifecycle
from commons.activities.models import Activity, ActivityChange, Outcome
from commons.audit.models import Entry, Event
from discussions.models import Discussion
from tests.admin.conftest import both
from tests.admin.forms import fields_of

pytestmark = pytest.mark.django_db

ADD = "/admin/discussions/discussion/add/"
TYPED = {
    "title_0": "How heavy may a school bag be?", "title_1": "बस्ता कितना भारी हो?",
    "summary_0": "Tell us what children carry.", "summary_1": "बताइए बच्चे क्या उठाते हैं।",
    "promise_0": "We will set a limit.", "promise_1": "हम सीमा तय करेंगे।",
    "closes_at_0": "2999-03-12", "closes_at_1": "",
}  # fmt: skip


def page(activity: Activity, verb: str = "change") -> str:
    return reverse(f"admin:discussions_discussion_{verb}", args=[activity.pk])


@pytest.fixture
def as_meera(client_of, meera):
    return client_of(meera)


@pytest.fixture
def as_arjun(client_of, arjun):
    return client_of(arjun)


def write(client, **changes):
    form = fields_of(client.get(ADD), "discussion_form")
    return client.post(ADD, {**form, **TYPED, "_continue": "1", **changes})


def state(activity: Activity) -> str:
    return Activity.objects.get(pk=activity.pk).state


@pytest.fixture
def draft(as_meera) -> Discussion:
    write(as_meera)
    return Discussion.objects.get()


@pytest.fixture
def waiting(as_meera, draft) -> Discussion:
    as_meera.post(page(draft, "submit"))
    draft.refresh_from_db()
    return draft


@pytest.fixture
def running(waiting, arjun) -> Discussion:
    lifecycle.publish(waiting, arjun)
    waiting.refresh_from_db()
    return waiting


# -- writing ----------------------------------------------------------------------------------


def test_a_draft_gets_its_address_from_the_english_title_and_closes_late_in_the_evening(draft, meera, education):
    assert draft.slug == "how-heavy-may-a-school-bag-be"
    assert draft.closes_at.isoformat() == "2999-03-12T18:15:00+00:00"  # 11:45 pm IST
    assert (draft.state, draft.author, draft.institution) == ("draft", meera, education)


def test_the_same_title_gets_another_address(as_meera):
    write(as_meera)
    write(as_meera)

    assert sorted(Discussion.objects.values_list("slug", flat=True)) == [
        "how-heavy-may-a-school-bag-be",
        "how-heavy-may-a-school-bag-be-2",
    ]


def test_an_address_somebody_has_is_refused_beside_the_field(as_meera, draft):
    answer = write(as_meera, slug=draft.slug)

    assert answer.status_code == 422
    assert list(answer.context["adminform"].form.errors) == ["slug"]
    assert fields_of(answer, "discussion_form")["title_1"] == TYPED["title_1"]


def test_a_draft_can_be_saved_with_a_title_alone(as_meera):
    answer = write(as_meera, **{**dict.fromkeys(TYPED, ""), "title_0": "Only this"})

    assert (answer.status_code, Discussion.objects.get().slug) == (302, "only-this")


def test_it_must_close_after_it_opens(as_meera):
    answer = write(as_meera, opens_at_0="2999-03-13", opens_at_1="")

    assert answer.status_code == 422
    assert list(answer.context["adminform"].form.errors) == ["closes_at"]


def test_saving_a_draft_unchanged_says_nothing_changed_and_keeps_line_ends(as_meera, draft):
    Discussion.objects.filter(pk=draft.pk).update(body=both("one\ntwo"), closes_at="2999-03-12T18:15:42Z")
    form = fields_of(as_meera.get(page(draft)), "discussion_form")
    typed = {name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in form.items()}

    as_meera.post(page(draft), {**typed, "_continue": "1"})

    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.before, entry.after) == ("activity.edit", {}, {})


def test_saved_and_previewed_it_shows_as_citizens_will_see_it_in_both_languages(as_meera, client, draft):
    form = fields_of(as_meera.get(page(draft)), "discussion_form")
    answer = as_meera.post(page(draft), {**form, "_preview": "1"})

    assert answer["Location"] == draft.get_absolute_url()
    assert TYPED["title_0"] in as_meera.get(f"{draft.get_absolute_url()}?language=en").content.decode()
    assert TYPED["title_1"] in as_meera.get(f"/hi{draft.get_absolute_url()}").content.decode()
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_reader_of_hindi_previews_english_too(as_meera, draft):
    as_meera.post("/language/", {"language": "hi", "next": "/"})

    english = as_meera.get(f"/discussions/{draft.slug}/?language=en")

    assert english.status_code == 200
    assert f"<h1>{TYPED['title_0']}" in english.content.decode()


def test_a_draft_is_deleted_and_what_was_published_is_not(as_meera, as_arjun, draft):
    lifecycle.submit_for_review(draft, draft.author)
    assert as_meera.post(page(draft, "delete"), {"post": "yes"}).status_code == 403
    as_meera.post(page(draft, "take-back"))

    assert as_meera.post(page(draft, "delete"), {"post": "yes"}).status_code == 302
    assert not Activity.objects.exists()
    assert Entry.objects.latest("id").verb == "activity.discard"


# -- submitting and approving -------------------------------------------------------------------


def test_what_is_missing_is_said_beside_its_field_and_the_typed_text_stays(as_meera):
    answer = write(as_meera, title_1="", promise_0="", _submit="1")

    form = answer.context["adminform"].form
    assert answer.status_code == 422
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "title": ["Title in Hindi is missing."],
        "promise": ["Promise in English is missing."],
    }
    assert fields_of(answer, "discussion_form")["summary_1"] == TYPED["summary_1"]
    assert not Discussion.objects.exists()


def test_an_answer_is_not_promised_for_before_it_closes(as_meera):
    answer = write(as_meera, promise_by_0="2999-01-01", promise_by_1="", _submit="1")

    assert list(answer.context["adminform"].form.errors) == ["promise_by"]


def test_saved_and_submitted_it_asks_once_more_then_waits(as_meera, draft):
    form = fields_of(as_meera.get(page(draft)), "discussion_form")
    answer = as_meera.post(page(draft), {**form, "_submit": "1"})
    assert answer["Location"] == page(draft, "submit")
    assert (as_meera.get(answer["Location"]).status_code, state(draft)) == (200, "draft")

    for _twice in range(2):
        assert as_meera.post(page(draft, "submit"))["Location"] == page(draft)
    assert (state(draft), Event.objects.filter(name="submitted").count()) == ("in_review", 1)


def test_a_draft_that_lacks_something_is_not_submitted_by_the_page_of_the_verb(as_meera, draft):
    Activity.objects.filter(pk=draft.pk).update(title='{"en": "x"}')

    answer = as_meera.post(page(draft, "submit"))

    assert (answer.status_code, state(draft)) == (422, "draft")
    assert "Title in Hindi is missing." in answer.content.decode()


def test_the_approver_reads_both_languages_and_approves_once(as_arjun, waiting, arjun):
    shown = as_arjun.get(page(waiting, "publish"))
    assert {TYPED["title_0"], TYPED["title_1"]} <= {
        words for words in TYPED.values() if words and words in shown.content.decode()
    }
    for _twice in range(2):
        answer = as_arjun.post(page(waiting, "publish"), fields_of(shown))
        assert (answer.status_code, answer["Location"]) == (302, page(waiting))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approver) == ("published", arjun)
    assert list(Entry.objects.filter(activity_id=waiting.pk).order_by("id").values_list("verb", flat=True)) == [
        "activity.write", "activity.submit", "activity.publish",
    ]  # fmt: skip


def test_reading_a_page_of_a_verb_changes_nothing(as_arjun, waiting, running):
    for verb in ("submit", "take-back", "publish", "return", "revise", "extend", "close-early", "withdraw"):
        as_arjun.get(page(running, verb))
    assert (state(running), Entry.objects.count()) == ("published", 3)


def test_nobody_approves_what_they_wrote(client_of, meera, waiting, education):
    from commons.directory.models import Post

    Post.objects.create(person=meera, role=Post.Role.APPROVER, institution=education)
    client = client_of(meera)

    answers = [
        client.get(page(waiting, "publish")),
        client.post(page(waiting, "publish"), {"when": "now", "seen": "0"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert state(waiting) == "in_review"
    why_not = {button.verb.name: str(button.why_not) for button in client.get(page(waiting)).context["buttons"]}
    assert why_not["publish"] == "An approver of the institution does this who neither wrote it nor changed it last."


def test_nobody_approves_what_they_changed_last(as_arjun, as_meera, waiting):
    form = fields_of(as_arjun.get(page(waiting)), "discussion_form")
    as_arjun.post(page(waiting), {**form, "title_0": "My own words", "_continue": "1"})

    answer = as_arjun.post(page(waiting, "publish"), {"when": "now", "seen": "0"})

    assert (answer.status_code, state(waiting)) == (403, "in_review")


def test_what_changed_after_the_approver_read_it_is_not_approved(as_arjun, as_meera, waiting):
    read = fields_of(as_arjun.get(page(waiting, "publish")))
    form = fields_of(as_meera.get(page(waiting)), "discussion_form")
    as_meera.post(page(waiting), {**form, "title_0": "Something else", "_continue": "1"})

    answer = as_arjun.post(page(waiting, "publish"), read)

    assert (answer.status_code, state(waiting)) == (422, "in_review")
    assert "It was changed after you opened this page." in answer.content.decode()
    assert "Something else" in answer.content.decode()
    assert as_arjun.post(page(waiting, "publish"), fields_of(answer)).status_code == 302
    assert state(waiting) == "published"


def test_approved_for_later_it_appears_then(as_arjun, client, waiting):
    form = fields_of(as_arjun.get(page(waiting, "publish")))

    as_arjun.post(page(waiting, "publish"), {**form, "when": "later", "at_0": "2998-05-01", "at_1": "10:00"})

    waiting.refresh_from_db()
    assert (waiting.state, waiting.published_at.isoformat()) == ("published", "2998-05-01T04:30:00+00:00")
    assert client.get(waiting.get_absolute_url()).status_code == 404
    assert "Approved, appears later" in as_arjun.get("/admin/discussions/discussion/").content.decode()


@pytest.mark.parametrize("day", ["", "2001-01-01", "32nd of May"])
def test_a_moment_that_makes_no_sense_is_refused_beside_the_field(as_arjun, waiting, day):
    form = fields_of(as_arjun.get(page(waiting, "publish")))

    answer = as_arjun.post(page(waiting, "publish"), {**form, "when": "later", "at_0": day, "at_1": ""})

    assert (answer.status_code, state(waiting)) == (422, "in_review")
    assert list(answer.context["adminform"].form.errors) == ["at"]


def test_it_comes_back_with_a_note_that_stands_above_the_form_and_first_on_the_desk(as_arjun, as_meera, waiting):
    empty = as_arjun.post(page(waiting, "return"), {"note": " "})
    assert (empty.status_code, state(waiting)) == (422, "in_review")

    for _twice in range(2):
        assert as_arjun.post(page(waiting, "return"), {"note": "Name the districts."}).status_code == 302

    assert state(waiting) == "draft"
    assert "Name the districts." in as_meera.get(page(waiting)).content.decode()
    assert "Name the districts." in as_meera.get("/admin/").content.decode()
    assert Entry.objects.filter(verb="activity.return", words="Name the districts.").count() == 1


def test_a_change_that_comes_too_late_does_not_undo_the_publishing(as_meera, as_arjun, waiting, meera):
    stale = Discussion.objects.get(pk=waiting.pk)
    as_arjun.post(page(waiting, "publish"), fields_of(as_arjun.get(page(waiting, "publish"))))

    with pytest.raises(lifecycle.ValidationError):
        lifecycle.write(stale, meera)
    assert as_meera.post(page(waiting), {**TYPED, "_continue": "1"}).status_code == 403
    assert state(waiting) == "published"


# -- while it runs -----------------------------------------------------------------------------------


def test_what_is_published_is_frozen_in_the_form(as_arjun, running):
    shown = as_arjun.get(page(running))

    assert shown.context["has_change_permission"] is False
    assert [name for name in fields_of(shown, "discussion_form") if name.startswith(("title", "slug", "closes"))] == []


def test_a_revision_is_public_with_what_was_before_and_the_reason(as_arjun, client, running):
    form = fields_of(as_arjun.get(page(running, "revise")))
    without = as_arjun.post(page(running, "revise"), {**form, "title_0": "A clearer title"})
    assert (without.status_code, list(without.context["adminform"].form.errors)) == (422, ["reason"])
    half = as_arjun.post(
        page(running, "revise"), {**form, "title_0": "A clearer title", "title_1": "", "reason": "Asked."}
    )
    assert (half.status_code, list(half.context["adminform"].form.errors)) == (422, ["title"])

    for _twice in range(2):
        sent = {**form, "title_0": "A clearer title", "reason": "Citizens asked what was meant."}
        assert as_arjun.post(page(running, "revise"), sent).status_code == 302

    assert list(ActivityChange.objects.values_list("field", "reason")) == [("title", "Citizens asked what was meant.")]
    log = client.get(reverse("activities:changes", args=[running.slug])).content.decode()
    assert "Citizens asked what was meant." in log
    assert TYPED["title_0"] in log


def test_a_page_of_the_revision_sent_as_it_was_changes_nothing(as_arjun, running):
    Activity.objects.filter(pk=running.pk).update(body=both("a\nb"), promise_by="2999-12-01T00:00:42.5Z")
    form = fields_of(as_arjun.get(page(running, "revise")))
    typed = {name: value.replace("\n", "\r\n") for name, value in form.items()}

    as_arjun.post(page(running, "revise"), {**typed, "reason": "None."})

    assert not ActivityChange.objects.exists()


def test_it_is_extended_with_a_reason_and_not_to_an_earlier_day(as_arjun, running):
    early = as_arjun.post(
        page(running, "extend"), {"closes_at_0": "2998-01-01", "closes_at_1": "", "reason": "Sooner."}
    )
    assert early.status_code == 422
    assert "Sooner." in early.content.decode()

    for _twice in range(2):
        as_arjun.post(page(running, "extend"), {"closes_at_0": "2999-04-01", "closes_at_1": "", "reason": "Floods."})

    assert list(ActivityChange.objects.values_list("field", "reason")) == [("closes_at", "Floods.")]


def test_it_is_closed_early_with_a_reason_once(as_arjun, running):
    assert as_arjun.post(page(running, "close-early"), {"reason": ""}).status_code == 422
    for _twice in range(2):
        assert as_arjun.post(page(running, "close-early"), {"reason": "The law was passed."}).status_code == 302

    assert Activity.objects.get().phase() == Activity.Phase.CLOSED
    assert ActivityChange.objects.count() == 1


def test_it_is_withdrawn_with_a_reason_once(as_arjun, client, running):
    assert as_arjun.post(page(running, "withdraw"), {"reason": " "}).status_code == 422
    for _twice in range(2):
        assert as_arjun.post(page(running, "withdraw"), {"reason": "The question was wrong."}).status_code == 302

    assert state(running) == "withdrawn"
    assert "The question was wrong." in client.get(running.get_absolute_url()).content.decode()


@pytest.mark.parametrize("verb", ["publish", "return", "revise", "extend", "close-early", "withdraw"])
def test_an_author_does_not_steer(as_meera, running, verb):
    assert as_meera.post(page(running, verb), {"reason": "x"}).status_code == 403
    assert as_meera.get(page(running, verb)).status_code == 403


def test_what_is_not_possible_now_says_why_and_leads_back(as_arjun, running):
    answer = as_arjun.get(page(running, "publish"))

    assert answer["Location"] == page(running)
    assert "It does not wait for approval." in as_arjun.get(page(running)).content.decode()


# -- the outcome -----------------------------------------------------------------------------------------


def test_the_outcome_is_written_by_one_in_both_languages_and_published_by_another(as_meera, as_arjun, client, running):
    add = f"/admin/activities/outcome/add/?activity={running.pk}"
    form = {**fields_of(as_meera.get(add), "outcome_form"), "headline_0": "Twelve points are in.", "body_0": "…"}
    assert form["activity"] == str(running.pk)
    half = as_meera.post(add, form)
    assert (half.status_code, list(half.context["adminform"].form.errors)) == (422, ["headline", "body"])
    as_meera.post(add, {**form, "headline_1": "बारह बातें मानी गईं।", "body_1": "…"})
    outcome = Outcome.objects.get()
    publish = reverse("admin:activities_outcome_publish", args=[outcome.pk])
    assert "Twelve points are in." in as_arjun.get("/admin/").content.decode()
    assert as_meera.post(publish).status_code == 403

    for _twice in range(2):
        assert as_arjun.post(publish).status_code == 302

    assert Event.objects.filter(name="outcome").count() == 1
    assert "Twelve points are in." in client.get(running.get_absolute_url()).content.decode()
    frozen = as_meera.post(
        reverse("admin:activities_outcome_change", args=[outcome.pk]), {**form, "headline_0": "Thirteen."}
    )
    assert (frozen.status_code, str(Outcome.objects.get().headline)) == (403, "Twelve points are in.")


def test_an_approver_does_not_publish_the_outcome_they_wrote(as_arjun, arjun, running):
    outcome = Outcome(activity=running, headline=both("Done."), body=both("…"))
    lifecycle.write_outcome(outcome, arjun)

    assert as_arjun.post(reverse("admin:activities_outcome_publish", args=[outcome.pk])).status_code == 403
    outcome.refresh_from_db()
    assert outcome.published_at is None


def test_a_second_outcome_is_not_offered(as_meera, meera, running):
    lifecycle.write_outcome(Outcome(activity=running, headline=both("Done."), body=both("…")), meera)

    choices = as_meera.get("/admin/activities/outcome/add/").context["adminform"].form.fields["activity"].queryset
    assert list(choices) == []


# -- what was, and what waits ------------------------------------------------------------------------------


def test_the_history_says_who_when_what_and_why(as_meera, as_arjun, running):
    as_arjun.post(page(running, "extend"), {"closes_at_0": "2999-04-01", "closes_at_1": "", "reason": "Floods."})

    shown = as_meera.get(page(running, "history"))

    acts, versions = shown.context["acts"], shown.context["versions"]
    assert [(row.who, row.what, row.words) for row in acts] == [
        ("Arjun", "Extended", "Floods."),
        ("Arjun", "Approved and published", ""),
        ("Meera", "Submitted for review", ""),
        ("Meera", "Written", ""),
    ]
    closes = acts[0].differences[0]
    assert (closes.field, closes.before, closes.after) == (
        "closes",
        "12 Mar 2999, 11:45 pm IST",
        "1 Apr 2999, 11:45 pm IST",
    )
    states = [(one.before, one.after) for row in versions for one in row.differences if one.field == "state"]
    assert states == [("Waiting for approval", "Published"), ("Draft", "Waiting for approval"), ("", "Draft")]


def test_the_desk_shows_each_what_waits_for_them(as_meera, as_arjun, waiting, make_discussion, meera):
    now = timezone.now()
    make_discussion(
        "late",
        author=meera,
        opens_at=now - timedelta(days=20),
        closes_at=now - timedelta(days=9),
        promise_by=now - timedelta(days=2),
    )
    make_discussion("soon", author=meera, promise_by=now + timedelta(days=12))
    make_discussion("far", author=meera, promise_by=now + timedelta(days=40))

    def titles(client):
        return {part.title: [item.title for item in part.items] for part in client.get("/admin/").context["desk"]}

    assert titles(as_arjun) == {
        "Waiting for my approval": [TYPED["title_0"]],
        "Returned to you": [],
        "Your drafts": [],
        "Promises due soon or overdue": ["About late", "About soon"],
        "Closed without an outcome": ["About late"],
    }
    assert list(titles(as_meera)) == list(titles(as_arjun))[1:]
