"""People ask about clauses; Meera answers in public, several at once where they ask the same; everybody reads both."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons.activities.models import Contribution, Disposition
from commons.people.models import User
from consultations import clarifying, moderating, responding
from consultations.models import Annotation, Clarification
from mygov.notifications import letters, telling
from mygov.notifications.models import Delivery, Notification
from tests.cast import person
from tests.consultations.conftest import both

WORDS = both("Yes: a van with a stove is a kitchen too.", "हाँ: चूल्हे वाली गाड़ी भी रसोई है।")


@pytest.fixture
def asked(answer, asha, bilal) -> list[Annotation]:
    """Two ask the same about kitchens, Bilal also when the rules come into force, and one only agrees."""
    said = [
        answer(asha, "2(b)", "ask", body="Is a van a kitchen?"), answer(bilal, "2(b)", "ask", body="Is a food van a kitchen too?"),
        answer(bilal, "1(2)", "ask", body="Why only in April 2027?"),
    ]  # fmt: skip
    answer(asha, "3(1)", "support", body="Good.")
    return said


def page_of(consultation, query: str = "") -> str:
    return f"{consultation.get_absolute_url()}questions/{query}"


def expand() -> None:
    while telling.expand():
        pass


# -- the verb ---------------------------------------------------------------------------------------
def test_one_answer_to_several_questions_reaches_each_asker_in_their_language(asked, consultation, asha, bilal, meera):
    User.objects.filter(pk=bilal.pk).update(language="hi")
    made = clarifying.answer(consultation, [asked[0].pk, asked[1].pk], meera, WORDS)
    assert list(made.questions.order_by("pk")) == asked[:2]
    expand()
    told = {row.person_id: row for row in Notification.objects.filter(event="official answer")}
    assert set(told) == {asha.pk, bilal.pk}
    assert told[asha.pk].values["words"] == "Yes: a van with a stove is a kitchen too."
    assert told[bilal.pk].values["words"] == "हाँ: चूल्हे वाली गाड़ी भी रसोई है।"
    mail = letters.mail(Delivery(pk=1, notification=told[asha.pk]))
    assert "a van with a stove" in mail.body
    assert asked[0].contribution.reference in mail.body
    assert not Notification.objects.filter(event="disposed").exists()  # once is enough


def test_my_impact_shows_the_answer(client, asked, consultation, asha, meera):
    clarifying.answer(consultation, [asked[0].pk], meera, WORDS)
    client.force_login(asha)
    page = client.get("/impact/mine/").content.decode()
    assert "Yes: a van with a stove is a kitchen too." in page
    assert Contribution.objects.get(pk=asked[0].contribution_id).standing == "read"


def test_the_same_answer_twice_tells_nobody_twice(asked, consultation, meera):
    for _click in range(2):
        clarifying.answer(consultation, [asked[0].pk], meera, WORDS)
        expand()
    assert (Clarification.objects.count(), Disposition.objects.count(), Notification.objects.count()) == (1, 1, 1)


def test_one_more_question_with_the_same_answer_tells_its_asker_alone(asked, consultation, asha, bilal, meera):
    clarifying.answer(consultation, [asked[0].pk], meera, WORDS)
    expand()
    clarifying.answer(consultation, [asked[0].pk, asked[1].pk], meera, WORDS)
    expand()
    assert sorted(Notification.objects.values_list("person", flat=True)) == sorted([asha.pk, bilal.pk])
    assert (Clarification.objects.count(), Disposition.objects.count()) == (1, 2)


def test_what_the_matrix_decided_stays_what_became_of_a_question(asked, consultation, meera):
    Contribution.objects.filter(pk=asked[0].contribution_id).update(standing="adopted")
    clarifying.answer(consultation, [asked[0].pk], meera, WORDS)
    expand()
    assert Contribution.objects.get(pk=asked[0].contribution_id).standing == "adopted"
    assert Notification.objects.filter(event="official answer").count() == 1


def test_a_corrected_answer_is_told_again_and_the_old_one_is_in_the_audit(asked, consultation, meera):
    for words in (WORDS, both("No: a van has no water.", "नहीं: गाड़ी में पानी नहीं होता।")):
        clarifying.answer(consultation, [asked[0].pk], meera, words)
        expand()
    assert str(Clarification.objects.get().words) == "No: a van has no water."
    assert Notification.objects.filter(event="official answer").count() == 2
    assert Disposition.objects.count() == 2


def test_a_question_answered_by_itself_leaves_the_answer_it_shared(asked, consultation, meera):
    clarifying.answer(consultation, [asked[0].pk, asked[1].pk], meera, WORDS)
    clarifying.answer(consultation, [asked[1].pk], meera, both("Only with a roof.", "केवल छत के साथ।"))
    said = {row.pk: str(row.clarification.words) for row in Annotation.objects.exclude(clarification=None)}
    assert said == {asked[0].pk: "Yes: a van with a stove is a kitchen too.", asked[1].pk: "Only with a roof."}


@pytest.mark.parametrize("who", ["asha", "dev", "mod"])
def test_only_officials_of_the_institution_answer(asked, consultation, who, request):
    with pytest.raises(PermissionDenied):
        clarifying.answer(consultation, [asked[0].pk], request.getfixturevalue(who), WORDS)


def test_only_questions_of_this_text_are_answered(asked, consultation, make_consultation, meera):
    support = Annotation.objects.get(stance="support")
    other = make_consultation("other-rules")
    for where, rows in ((consultation, [support.pk]), (consultation, []), (other, [asked[0].pk])):
        with pytest.raises(ValidationError):
            clarifying.answer(where, rows, meera, WORDS)
    assert not Clarification.objects.exists()


@pytest.mark.parametrize("words", ["", "Only English", both(" ", " ")])
def test_an_answer_is_in_both_languages(asked, consultation, meera, words):
    with pytest.raises(ValidationError) as refused:
        clarifying.answer(consultation, [asked[0].pk], meera, words)
    assert list(refused.value.message_dict) == ["words"]


def test_whoever_takes_a_question_back_takes_the_answers_place_with_it(client, asked, consultation, asha, meera):
    clarifying.answer(consultation, [asked[0].pk], meera, WORDS)
    responding.take_back(asked[0], asha)
    assert "a van with a stove" not in client.get(page_of(consultation)).content.decode()


def test_another_question_at_the_same_clause_has_no_answer_yet(answer, asked, consultation, asha, meera):
    """What was answered were other words: they are in the ledger, but not beside the new question."""
    clarifying.answer(consultation, [asked[0].pk], meera, WORDS)
    answer(asha, "2(b)", "ask", body="Who pays for the van?")
    assert Annotation.objects.get(pk=asked[0].pk).clarification is None


# -- the public page --------------------------------------------------------------------------------
def test_everybody_reads_questions_and_answers_by_clause(client, asked, consultation, meera, label):
    clarifying.answer(consultation, [asked[0].pk, asked[1].pk], meera, WORDS)
    page = client.get(page_of(consultation)).content.decode()
    places = [page.index(words) for words in ("Why only in April 2027?", "Is a van a kitchen?", "Is a food van")]
    assert places == sorted(places)  # in the order of the text
    assert page.count("Yes: a van with a stove is a kitchen too.") == 1  # one answer to both
    assert "Good." not in page
    assert f"{consultation.get_absolute_url()}clauses/{label('2(b)')}/" in page
    assert "हाँ: चूल्हे वाली गाड़ी भी रसोई है।" in client.get(f"/hi{page_of(consultation)}").content.decode()


def test_the_page_is_linked_from_the_text_and_from_the_clause(client, asked, consultation, label):
    assert f'href="{page_of(consultation)}"' in client.get(consultation.get_absolute_url()).content.decode()
    clause = f"{consultation.get_absolute_url()}clauses/{label('2')}/"
    assert f'href="{page_of(consultation)}?clause={label("2")}"' in client.get(clause).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?answered=yes", ["2(b)", "2(b)"]),
        ("?answered=no", ["1(2)"]),
        ("?clause=2", ["2(b)", "2(b)"]),
        ("?clause=3", []),
    ],
)
def test_it_is_narrowed_by_links(client, asked, consultation, meera, label, query, found):
    clarifying.answer(consultation, [asked[0].pk, asked[1].pk], meera, WORDS)
    if "clause" in query:
        query = f"?clause={label(query[-1])}"
    page = client.get(page_of(consultation, query))
    assert [row.place for row in page.context["rows"]] == found
    if not found:
        assert "Nobody has asked" in page.content.decode()


@pytest.mark.parametrize("query", ["?clause=x", "?clause=99999999999999999999", "?after=x", "?answered=maybe"])
def test_odd_addresses_are_not_found(client, asked, consultation, query):
    assert client.get(page_of(consultation, query)).status_code == 404


def test_what_a_moderator_holds_or_hides_is_not_there(client, asked, consultation, mod):
    moderating.hide(asked[2], mod, "spam", "x")
    assert "Why only in April" not in client.get(page_of(consultation)).content.decode()


def test_an_empty_page_says_where_to_ask(client, consultation):
    page = client.get(page_of(consultation)).content.decode()
    assert "Nobody has asked a question yet." in page
    assert f'href="{consultation.get_absolute_url()}#text"' in page


def test_of_a_draft_there_is_no_such_page(client, make_consultation):
    assert client.get(page_of(make_consultation("not-yet", state="draft"))).status_code == 404


def test_pages_of_thirty_follow_each_other_and_queries_do_not_grow(client, answer, consultation, label, meera):
    def asks(numbers: range) -> None:
        for number in numbers:
            row = answer(person(f"asker{number}"), "2(b)", "ask", body=f"Question {number}?")
            if number % 2:
                clarifying.answer(consultation, [row.pk], meera, both(f"Answer {number}.", f"उत्तर {number}।"))

    counts = []
    for numbers in (range(1), range(1, 3), range(3, 33)):
        asks(numbers)
        client.get(page_of(consultation))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(page_of(consultation))
        counts.append(len(queries))
    assert counts[1] == counts[2] <= 9
    assert len(page.context["rows"]) == 30
    rest = client.get(page_of(consultation, f"?after={page.context['next']}"))
    assert len(rest.context["rows"]) == 3
    both_pages = [one.row.pk for one in [*page.context["rows"], *rest.context["rows"]]]
    assert len(set(both_pages)) == 33


# -- the workbench ----------------------------------------------------------------------------------
def bench(consultation, path: str = "") -> str:
    return f"{consultation.get_absolute_url()}workbench/{path}"


TYPED = {"words_0": "Yes: vans too.", "words_1": "हाँ: गाड़ियाँ भी।"}


def test_like_questions_are_offered_and_answered_together(client, asked, consultation, meera):
    client.force_login(meera)
    url = bench(consultation, f"questions/{asked[0].pk}/")
    page = client.get(url)
    assert [row.pk for row in page.context["others"]] == [asked[1].pk]
    sent = client.post(url, {**TYPED, "also": [asked[1].pk]})
    assert sent.status_code == 302
    assert set(Clarification.objects.get().questions.all()) == set(asked[:2])


def test_chosen_questions_are_answered_together(client, asked, consultation, meera):
    client.force_login(meera)
    chosen = client.post(bench(consultation, "questions/"), {"response": [asked[0].pk, asked[2].pk]})
    assert chosen.status_code == 302
    page = client.get(chosen.url)
    assert page.context["form"]["also"].value() == [str(asked[2].pk)]
    client.post(chosen.url, {**TYPED, "also": [asked[2].pk]})
    assert Clarification.objects.get().questions.count() == 2


def test_without_a_choice_one_is_told_so(client, asked, consultation, meera):
    client.force_login(meera)
    support = Annotation.objects.get(stance="support")
    for chosen in ([], [support.pk], ["x"]):
        answer = client.post(bench(consultation, "questions/"), {"response": chosen}, follow=True)
        assert "Tick the questions first." in answer.content.decode()


def test_an_answer_without_hindi_is_refused_beside_its_field(client, asked, consultation, meera):
    client.force_login(meera)
    url = bench(consultation, f"questions/{asked[0].pk}/")
    refused = client.post(url, {"words_0": "Yes.", "words_1": ""})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["words"]
    assert "Yes." in refused.content.decode()


@pytest.mark.parametrize("who", ["asha", "dev", "mod"])
def test_the_workbench_is_its_officials_alone(client, asked, consultation, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(bench(consultation, f"questions/{asked[0].pk}/")).status_code == 404
    assert client.post(bench(consultation, "questions/"), {"response": [asked[0].pk]}).status_code == 404
