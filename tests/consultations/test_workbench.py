"""Meera narrows what people said, sees where it stands in the next version, and corrects it; its author reads it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons.activities.models import Contribution
from commons.audit.models import Entry
from commons.directory.models import Region
from consultations import drafting, matrix, moving, responding, workbench
from consultations.models import Annotation, Draft, MatrixRow, Placement, Submission, Theme
from tests.cast import person
from tests.consultations.conftest import LAW, brought, closed


def url_of(consultation, more: str = "") -> str:
    return f"{consultation.get_absolute_url()}workbench/{more}"


@pytest.fixture
def said(consultation, answer, asha, bilal):
    """Asha for an organisation, in Kerala; Bilal for himself, in Hindi."""
    answer(asha, "3(2)", "oppose", exact="tastes the meal half an hour before", body="Nobody should taste it.")
    answer(bilal, "3(1)", "support", body="बच्चों को समय पर भोजन मिले।")
    answer(bilal, "1(2)", "oppose", exact="first day of April")
    responding.submit(consultation, asha, by="organisation", organisation="Parents", interest="900", body="Millet.")
    responding.submit(consultation, bilal, by="person", body="Rice.")
    state, _new = Region.objects.get_or_create(level="state", lgd_code=32, defaults={"name": "Kerala"})
    Contribution.objects.filter(person=asha).update(region=state)
    return state


@pytest.fixture
def revised(consultation, said, meera, arjun) -> Draft:
    """Rule 3 has become rule 4, its second part reads differently, the last part of rule 1 is gone."""
    text = LAW.replace("## 3. Serving", "## 3. Kitchens\n\nEach kitchen is inspected monthly.\n\n## 4. Serving")
    text = text.replace("tastes the meal half an hour before", "tastes each meal half an hour before").replace(
        "(2) They come into force on the first day of April 2027.\n", ""
    )
    draft = brought(consultation, meera, text, stage="revised")
    closed(consultation)
    drafting.publish(Draft.objects.select_related("consultation").get(pk=draft.pk), arjun)
    return Draft.objects.get(pk=draft.pk)


def found(client, consultation, query: str) -> list[str]:
    page = client.get(url_of(consultation, f"?{query}"))
    assert page.status_code == 200
    if "whole" in page.context:
        return sorted(row.body for row in page.context["whole"])
    return sorted(one.label.rpartition(" ")[2] for one in page.context["rows"])


def test_each_filter_is_a_link_and_finds_what_it_says(client, consultation, said, label, revised, meera, asha):
    client.force_login(meera)
    parents = Submission.objects.get(organisation="Parents")
    theme = matrix.assign(
        consultation,
        meera,
        annotations=[Annotation.objects.get(author=asha).pk],
        submissions=[parents.pk],
        title="Taste",
    )
    assert theme is not None
    expected = {
        f"clause={label('3')}": ["3(1)", "3(2)"],
        "stance=oppose": ["1(2)", "3(2)"],
        f"theme={theme.pk}": ["3(2)"],
        "theme=none": ["1(2)", "3(1)"],
        f"region={said.pk}": ["3(2)"],
        "language=hi": ["3(1)"],
        "organisation=any": ["3(2)"],
        "organisation=none": ["1(2)", "3(1)"],
        f"organisation={parents.pk}": ["3(2)"],
        "placed=exact": ["3(1)"],
        "placed=fuzzy": ["3(2)"],
        "placed=unplaced": ["1(2)"],
        "placed=fuzzy&stance=support": [],
        "of=whole": ["Millet.", "Rice."],
        f"of=whole&theme={theme.pk}": ["Millet."],
        f"of=whole&region={said.pk}": ["Millet."],
        "of=whole&organisation=none": ["Rice."],
        "of=whole&stance=oppose": [],
    }
    assert {query: found(client, consultation, query) for query in expected} == expected
    page = client.get(url_of(consultation, f"?region={said.pk}&stance=oppose")).content.decode()
    assert 'href="?stance=oppose"' in page  # the way back out of the region


@pytest.mark.parametrize(
    "asked", ["organisation=x", "region=none", "like=any", "placed=none", "stance=zz", "of=zz", "campaign=-1"]
)
def test_made_up_filters_find_nothing_or_no_page(client, consultation, said, meera, asked):
    client.force_login(meera)
    assert client.get(url_of(consultation, f"?{asked}")).status_code in {200, 404}


def test_all_that_a_filter_finds_of_the_whole_goes_under_a_theme(client, consultation, said, meera):
    client.force_login(meera)
    client.post(url_of(consultation, "themes/?of=whole&organisation=any"), {"new": "Food", "all": "1"})
    assert list(Theme.objects.get().submissions.values_list("body", flat=True)) == ["Millet."]
    assert Theme.objects.get().annotations.count() == 0


def test_it_says_how_many_went_under_a_theme(client, consultation, said, meera):
    client.force_login(meera)
    url = f"/consultations/{consultation.slug}/workbench/themes/"
    put = client.post(url, {"all": "1", "new": "Keys"}, follow=True).content.decode()
    taken = client.post(url, {"all": "1", "theme": ""}, follow=True).content.decode()

    count = matrix.given(consultation).count()
    assert f"{count} responses put under “Keys”." in put
    assert f"{count} responses taken out of their themes." in taken


def test_a_row_says_how_many_people_it_answers(consultation, said, meera, client, label):
    client.force_login(meera)
    answered = {(g.clause, g.theme): g.people for g in matrix.gaps(consultation)}
    everybody = {*matrix.given(consultation).values_list("author", flat=True)}
    everybody |= {*matrix.whole(consultation).values_list("author", flat=True)}
    page = client.get(f"/consultations/{consultation.slug}/workbench/row/").content.decode()

    assert answered == {}
    assert matrix.people_answered(MatrixRow(consultation=consultation)) == len(everybody) == 2
    assert "This row answers 2 people. They are those whom no other row answers." in page
    root = matrix.given(consultation).values_list("root", flat=True)[0]
    there = matrix.given(consultation).filter(root=root).values_list("author", flat=True)
    assert matrix.people_answered(MatrixRow(consultation=consultation, clause_id=root)) == len({*there})


def test_the_page_of_a_row_asks_no_more_for_many_groups(client, consultation, said, meera):
    client.force_login(meera)
    url = f"/consultations/{consultation.slug}/workbench/row/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number, row in enumerate(matrix.given(consultation)):
        matrix.assign(consultation, meera, annotations=[row.pk], submissions=[], title=f"Theme {number}")
    for row in matrix.whole(consultation):
        matrix.assign(consultation, meera, annotations=[], submissions=[row.pk], title=f"Whole {row.pk}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few)


@pytest.mark.parametrize("of", ["", "of=whole&"])
def test_pages_of_responses_follow_one_another(client, consultation, said, meera, monkeypatch, of):
    monkeypatch.setattr(workbench, "SIZE", 1)
    client.force_login(meera)
    seen, after = [], ""
    for _page in range(5):
        page = client.get(url_of(consultation, f"?{of}after={after}"))
        rows = page.context["whole"] if of else [one.row for one in page.context["rows"]]
        seen += [row.pk for row in rows]
        after = page.context["next"]
        if not after:
            break
    kind = Submission if of else Annotation
    assert seen == list(kind.objects.order_by("-pk").values_list("pk", flat=True))


@pytest.mark.parametrize("of", ["", "?of=whole"])
def test_the_workbench_asks_no_more_for_three_than_for_one(client, consultation, label, meera, answer, of):
    client.force_login(meera)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url_of(consultation, of))
        return len(queries)

    people = [person(f"citizen{n}") for n in range(3)]
    counts = []
    for by in people:
        answer(by, "3(1)", "oppose", body="Too late.")
        responding.submit(consultation, by, by="organisation", organisation=f"O{by.pk}", interest="x", body="Text.")
        counts.append(asked())
    assert counts[0] == counts[2]
    assert counts[2] <= 26


def test_an_official_corrects_a_place_by_hand_and_its_author_reads_it(
    client, consultation, revised, label, meera, bilal
):
    row = Annotation.objects.get(author=bilal, clause=label("1(2)"))
    kitchens = revised.wordings.get(label="3")
    client.force_login(bilal)
    mine = f"{consultation.get_absolute_url()}responses/"
    before = client.get(mine).content.decode()
    assert "what you commented on is no longer there" in before
    assert (
        "your comment on 3 Serving · 3(1) is now at 4(1)" in before or "your comment on 3(1) is now at 4(1)" in before
    )
    client.force_login(meera)
    url = url_of(consultation, f"places/{row.pk}/")
    page = client.get(url)
    assert page.status_code == 200
    assert client.post(url, {"clause": "999999"}).status_code == 422
    assert client.post(url, {"clause": str(kitchens.clause_id)}).status_code == 302
    placed = Placement.objects.get(annotation=row)
    assert (placed.how, placed.clause_id) == ("hand", kitchens.clause_id)
    assert Entry.objects.get(verb="response.place").before == {"clause": None, "how": "unplaced"}
    assert moving.move_all(revised) == {"exact": 1, "fuzzy": 1}  # what was placed by hand stays
    assert Placement.objects.get(annotation=row).how == "hand"
    client.force_login(bilal)
    assert "is now at 3<" in client.get(mine).content.decode()
    client.force_login(meera)
    assert client.post(url, {"clause": ""}).status_code == 302
    assert Placement.objects.values_list("how", "clause").get(annotation=row) == ("hand", None)


def test_what_an_official_set_to_nowhere_stays_there(client, consultation, revised, label, meera):
    """Its words are still found in the later version, but an official has said that it is about something else."""
    row = Annotation.objects.get(clause=label("3(1)"))
    assert Placement.objects.get(annotation=row).clause_id == label("3(1)")
    client.force_login(meera)
    assert client.post(url_of(consultation, f"places/{row.pk}/"), {"clause": ""}).status_code == 302
    moving.move_all(revised)
    assert Placement.objects.values_list("how", "clause").get(annotation=row) == ("hand", None)
    listed = client.get(url_of(consultation)).content.decode()
    assert "By an official&#x27;s hand: nowhere" in listed
    assert "now at :" not in listed
    client.force_login(row.author)
    assert (
        "what you commented on is no longer there"
        in client.get(f"{consultation.get_absolute_url()}responses/").content.decode()
    )


def test_places_are_its_officials_alone(client, consultation, revised, asha, dev, mod, meera):
    row = Annotation.objects.earliest("pk")
    url = url_of(consultation, f"places/{row.pk}/")
    assert Client().get(url).status_code == 302
    for somebody in (asha, dev, mod):
        client.force_login(somebody)
        assert client.post(url, {"clause": ""}).status_code == 404
    client.force_login(meera)
    assert client.get(url).status_code == 200
    assert client.get(url_of(consultation, "places/999999/")).status_code == 404


def test_before_a_later_version_there_is_no_place_to_correct(client, consultation, said, meera):
    client.force_login(meera)
    assert client.get(url_of(consultation, f"places/{Annotation.objects.earliest('pk').pk}/")).status_code == 404
    assert "placed=" not in client.get(url_of(consultation)).content.decode()
