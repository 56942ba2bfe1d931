"""What is published is corrected in public: note, steps, documents and the window, each with a reason everybody reads."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from commons.activities import lifecycle
from commons.activities.models import Activity, ActivityChange
from commons.audit.models import Entry
from commons.core.moments import INDIA, day
from commons.follows.models import Follow
from consultations import correcting, drafting, steps
from consultations.models import Consultation, Document, Step
from mygov.notifications import telling
from mygov.notifications.models import Notification
from tests.consultations.conftest import both, closed

WHY = "The committee meets a week later."


def in_days(days: int):
    return timezone.now().astimezone(INDIA).date() + timedelta(days=days)


def log(client, consultation) -> str:
    return client.get(f"/activities/{consultation.slug}/changes/").content.decode()


def heard(event: str) -> list[int]:
    while telling.expand():
        pass
    return sorted(Notification.objects.filter(event=event).values_list("person", flat=True))


# -- the note ---------------------------------------------------------------------------------------
def test_a_corrected_note_stands_on_the_page_and_in_the_log(client, consultation, arjun, asha):
    Follow.objects.create(person=asha, activity=consultation)
    correcting.revise_note(consultation, arjun, both("Every child eats **twice**.", "हर बच्चा दो बार खाता है।"), WHY)
    assert "Every child eats <strong>twice</strong>." in client.get(consultation.get_absolute_url()).content.decode()
    page = log(client, consultation)
    for words in ("explanatory note", WHY, "Every child eats.", "Every child eats **twice**.", "Ministry of Education"):
        assert words in page
    hindi = client.get(f"/hi/activities/{consultation.slug}/changes/").content.decode()
    assert "हर बच्चा दो बार खाता है।" in hindi
    assert "शिक्षा मंत्रालय" in hindi
    assert heard("changed") == [asha.pk]
    assert Entry.objects.get(verb="consultation.revise_note").actor == arjun


def test_the_same_note_changes_nothing_and_tells_nobody(consultation, arjun):
    correcting.revise_note(consultation, arjun, consultation.note, WHY)
    assert not ActivityChange.objects.exists()


@pytest.mark.parametrize(("note", "why", "field"), [(both("New."), " ", "reason"), ("Only English", WHY, "note")])
def test_a_note_needs_a_reason_and_both_languages(consultation, arjun, note, why, field):
    with pytest.raises(ValidationError) as refused:
        correcting.revise_note(consultation, arjun, note, why)
    assert list(refused.value.message_dict) == [field]
    assert str(Consultation.objects.get().note) == "Every child eats."


def acts(row, by):
    yield lambda: correcting.revise_note(row, by, both("New."), WHY)
    yield lambda: correcting.plan_step(row, by, "matrix", in_days(60), "", WHY)
    yield lambda: correcting.add_document(row, by, both("Budget"), "https://example.org/budget.pdf", WHY)
    yield lambda: drafting.sign_shorter(row, by, both("Monsoon."))


@pytest.mark.parametrize("who", ["meera", "dev", "asha", "mod"])
def test_only_an_approver_of_the_institution_corrects(consultation, who, request):
    for act in acts(consultation, request.getfixturevalue(who)):
        with pytest.raises(PermissionDenied):
            act()
    assert not ActivityChange.objects.exists()


def test_a_draft_is_edited_and_what_is_withdrawn_stays(make_consultation, arjun):
    for slug, state in (("a-draft", "draft"), ("gone", "withdrawn")):
        row = make_consultation(slug, state=state)
        for act in list(acts(row, arjun))[:3]:
            with pytest.raises(ValidationError):
                act()


# -- steps ------------------------------------------------------------------------------------------
def test_a_moved_step_is_told_once_and_stands_in_the_log(client, consultation, arjun, asha, bilal):
    Follow.objects.create(person=asha, activity=consultation)
    Follow.objects.create(person=bilal, activity=consultation, muted=True)
    Step.objects.create(consultation=consultation, name="matrix", day=in_days(50))
    correcting.plan_step(consultation, arjun, "matrix", in_days(57), "", WHY)
    correcting.plan_step(consultation, arjun, "matrix", in_days(57), "", WHY)
    assert Step.objects.get().day == in_days(57)
    assert heard("timetable changed") == [asha.pk]
    assert heard("changed") == []
    page = log(client, consultation)
    for words in ("Response matrix", WHY, f"<del>{day(in_days(50))}</del>", f"<ins>{day(in_days(57))}</ins>"):
        assert words in page
    assert ActivityChange.objects.count() == 1


def test_a_second_move_is_told_again(consultation, arjun, asha):
    Follow.objects.create(person=asha, activity=consultation)
    for days in (57, 64):
        correcting.plan_step(consultation, arjun, "matrix", in_days(days), "", WHY)
    assert heard("timetable changed") == [asha.pk, asha.pk]


def test_a_new_step_is_told_and_shown_with_its_words(client, consultation, arjun, asha):
    Follow.objects.create(person=asha, activity=consultation)
    words = both("Public hearing in Pune", "पुणे में जन सुनवाई")
    correcting.plan_step(consultation, arjun, "clarifications", in_days(20), words, WHY)
    assert heard("timetable changed") == [asha.pk]
    assert "Public hearing in Pune" in client.get(consultation.get_absolute_url()).content.decode()
    assert "पुणे में जन सुनवाई" in client.get(f"/hi{consultation.get_absolute_url()}").content.decode()
    assert "Public hearing in Pune" in log(client, consultation)


def test_other_words_for_a_step_move_no_date(consultation, arjun, asha):
    Follow.objects.create(person=asha, activity=consultation)
    step = Step.objects.create(consultation=consultation, name="matrix", day=in_days(-3))
    correcting.plan_step(consultation, arjun, "matrix", in_days(-3), both("With all annexes"), WHY)
    step.refresh_from_db()
    assert (str(step.words), step.day) == ("With all annexes", in_days(-3))
    assert (heard("timetable changed"), heard("changed")) == ([], [asha.pk])


def test_nothing_is_planned_for_the_past(consultation, arjun):
    with pytest.raises(ValidationError) as refused:
        correcting.plan_step(consultation, arjun, "matrix", in_days(-1), "", WHY)
    assert list(refused.value.message_dict) == ["day"]


def test_a_step_that_was_reached_and_put_off_is_announced_again(consultation, arjun, asha, monkeypatch):
    Follow.objects.create(person=asha, activity=consultation)
    step = Step.objects.create(consultation=consultation, name="analysis", day=in_days(0))
    assert steps.announce() == 1
    assert heard("consultation step") == [asha.pk]
    correcting.plan_step(consultation, arjun, "analysis", in_days(9), "", WHY)
    assert steps.announce() == 0
    later = timezone.now() + timedelta(days=9)
    monkeypatch.setattr("commons.core.clock.now", lambda: later)
    assert steps.announce() == 1
    assert heard("consultation step") == [asha.pk, asha.pk]
    step.refresh_from_db()
    assert step.announced_at


# -- documents --------------------------------------------------------------------------------------
def test_a_document_is_added_and_withdrawn_in_public(client, consultation, arjun):
    correcting.add_document(consultation, arjun, both("Budget", "बजट"), "https://example.org/budget.pdf", WHY)
    document = Document.objects.get()
    page = consultation.get_absolute_url()
    assert 'href="https://example.org/budget.pdf"' in client.get(page).content.decode()
    correcting.withdraw_document(document, arjun, "It held an old table.")
    correcting.withdraw_document(document, arjun, "It held an old table.")
    assert 'href="https://example.org/budget.pdf"' not in client.get(page).content.decode()
    assert Document.objects.get().withdrawn_at  # its row stays
    told = log(client, consultation)
    for words in (WHY, "It held an old table.", "<ins>Budget (https://example.org/budget.pdf)</ins>"):
        assert words in told
    assert ActivityChange.objects.count() == 2
    assert "बजट" in client.get(f"/hi/activities/{consultation.slug}/changes/").content.decode()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org/x", "no address"])
def test_a_document_lies_at_a_web_address(consultation, arjun, link):
    with pytest.raises(ValidationError) as refused:
        correcting.add_document(consultation, arjun, both("Budget"), link, WHY)
    assert list(refused.value.message_dict) == ["link"]


def test_the_log_itself_cannot_be_rewritten(consultation, arjun):
    correcting.revise_note(consultation, arjun, both("New."), WHY)
    with pytest.raises(DatabaseError), transaction.atomic():
        ActivityChange.objects.update(reason="Another reason")


# -- the window -------------------------------------------------------------------------------------
def raw(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


SHORTEN = "UPDATE activities_activity SET closes_at = opens_at + interval '29 days 23 hours' WHERE id = %s"
LATER = "UPDATE activities_activity SET opens_at = opens_at + interval '20 days' WHERE id = %s"
PUBLISH = "UPDATE activities_activity SET state = 'published' WHERE id = %s"
UNSIGN = (
    "UPDATE consultations_consultation SET short_reason = '', short_signed_by_id = NULL, short_signed_at = NULL"
    " WHERE activity_ptr_id = %s"
)


@pytest.mark.parametrize("sql", [SHORTEN, LATER])
def test_the_database_refuses_a_short_window_without_a_signed_reason(consultation, arjun, sql):
    with pytest.raises(DatabaseError, match="signed reason"):
        raw(sql, consultation.pk)
    drafting.sign_shorter(consultation, arjun, both("The monsoon session begins."))
    raw(sql, consultation.pk)


def test_the_database_refuses_to_publish_a_short_window_without_a_signed_reason(make_consultation):
    row = make_consultation(state="draft", closes_at=timezone.now() + timedelta(days=5))
    with pytest.raises(DatabaseError, match="signed reason"):
        raw(PUBLISH, row.pk)


def test_the_database_keeps_the_signature_of_what_is_short(consultation, arjun):
    drafting.sign_shorter(consultation, arjun, both("The monsoon session begins."))
    raw(UNSIGN, consultation.pk)  # it is open for 40 days: nothing rests on it
    drafting.sign_shorter(consultation, arjun, both("The monsoon session begins."))
    raw(SHORTEN, consultation.pk)
    with pytest.raises(DatabaseError, match="signed reason"):
        raw(UNSIGN, consultation.pk)


def test_other_kinds_close_when_they_like(discussion):
    raw(SHORTEN, discussion.pk)


def test_closing_early_below_thirty_days_needs_a_signed_public_reason(client, consultation, arjun):
    with pytest.raises(ValidationError, match="30 days"):
        lifecycle.close_early(consultation, arjun, "Enough was said.")
    assert Activity.objects.get().phase() == Activity.Phase.OPEN
    drafting.sign_shorter(consultation, arjun, both("The monsoon session begins.", "मानसून सत्र शुरू होता है।"))
    lifecycle.close_early(consultation, arjun, "Enough was said.")
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert "The monsoon session begins." in page
    told = log(client, consultation)
    assert "Enough was said." in told
    assert "why fewer than 30 days" in told


def test_after_thirty_days_it_closes_early_without_a_signature(consultation, arjun):
    Activity.objects.filter(pk=consultation.pk).update(opens_at=timezone.now() - timedelta(days=31))
    lifecycle.close_early(consultation, arjun, "Enough was said.")
    assert Activity.objects.get().phase() == Activity.Phase.CLOSED


def test_extending_stands_in_the_log(client, consultation, arjun):
    lifecycle.extend(consultation, arjun, consultation.closes_at + timedelta(days=10), "Schools were closed.")
    assert "Schools were closed." in log(client, consultation)


def test_after_the_close_nobody_signs(consultation, arjun):
    with pytest.raises(ValidationError):
        drafting.sign_shorter(closed(consultation), arjun, both("Too late."))


# -- the admin --------------------------------------------------------------------------------------
def admin_url(consultation, verb: str) -> str:
    return f"/admin/consultations/consultation/{consultation.pk}/{verb}/"


def test_an_official_does_it_all_from_the_admin(client, consultation, arjun):
    client.force_login(arjun)
    for verb, typed in (
        ("revise-note", {"note_0": "Every child eats twice.", "note_1": "हर बच्चा दो बार खाता है।"}),
        ("plan-step", {"name": "matrix", "day": in_days(60).isoformat(), "words_0": "", "words_1": ""}),
        ("add-document", {"title_0": "Budget", "title_1": "बजट", "link": "https://example.org/b.pdf"}),
        ("sign-shorter", {"reason_0": "Monsoon.", "reason_1": "मानसून।"}),
    ):
        assert client.get(admin_url(consultation, verb)).status_code == 200
        typed = typed if "reason_0" in typed else {**typed, "reason": WHY}
        answer = client.post(admin_url(consultation, verb), typed)
        assert answer.status_code == 302, (verb, answer.context["adminform"].form.errors)
    document = Document.objects.get()
    listed = client.get(admin_url(consultation, "withdraw-document")).content.decode()
    assert "Budget" in listed
    answer = client.post(admin_url(consultation, "withdraw-document"), {"document": document.pk, "reason": WHY})
    assert answer.status_code == 302
    assert ActivityChange.objects.count() == 5
    assert client.get(f"/admin/consultations/consultation/{consultation.pk}/change/").status_code == 200


@pytest.mark.parametrize(
    ("verb", "typed", "field"),
    [
        ("revise-note", {"note_0": "Only English", "note_1": "", "reason": WHY}, "note"),
        ("plan-step", {"name": "matrix", "day": "2020-01-01", "reason": WHY}, "day"),
        ("plan-step", {"name": "party", "day": "2099-01-01", "reason": WHY}, "name"),
        ("plan-step", {"name": "matrix", "day": "31 February", "reason": WHY}, "day"),
        ("add-document", {"title_0": "Budget", "title_1": "बजट", "link": "javascript:x", "reason": WHY}, "link"),
        (
            "add-document",
            {"title_0": "Budget", "title_1": "बजट", "link": "https://example.org", "reason": ""},
            "reason",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(client, consultation, arjun, verb, typed, field):
    client.force_login(arjun)
    answer = client.post(admin_url(consultation, verb), typed)
    assert answer.status_code == 422
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not ActivityChange.objects.exists()


def test_an_author_reads_whose_work_it_is(client, consultation, meera):
    client.force_login(meera)
    assert client.get(admin_url(consultation, "revise-note")).status_code == 403


def test_another_ministrys_document_is_not_found(client, consultation, make_consultation, health, arjun):
    other = make_consultation("other-rules", text="", institution=health)
    document = Document.objects.create(consultation=other, title="x", link="https://example.org")
    Document.objects.create(consultation=consultation, title="y", link="https://example.org")
    client.force_login(arjun)
    answer = client.post(admin_url(consultation, "withdraw-document"), {"document": document.pk, "reason": WHY})
    assert answer.status_code == 422
    assert not Document.objects.exclude(withdrawn_at=None).exists()
