"""A law of 500 clauses with 100,000 responses: the page asks no more, and an export of them all keeps its memory flat."""

import gzip
import sys
import tracemalloc
import zipfile
from io import BytesIO

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from commons.activities.models import Contribution
from consultations import matrix, responding
from consultations.exports import keeping, making, responses
from consultations.models import Annotation, Clause, Export, ExportPart, Theme
from tests.consultations.test_reading import long_law

FILL = """
WITH line AS (
  INSERT INTO activities_contribution (reference, activity_id, person_id, kind, excerpt, path, channel, external_id, language, standing)
  SELECT 'R' || n, %(law)s, %(person)s, 'response', 'Said ' || n, '', 'import', 'x' || n, 'en', 'received'
  FROM generate_series(%(first)s::int, %(last)s::int) AS n RETURNING id, external_id)
INSERT INTO consultations_annotation (activity_id, clause_id, root_id, draft_id, counted_at, author_id, contribution_id, stance,
  exact, prefix, suffix, proposed, body, language, state, state_reason, state_words)
SELECT %(law)s, c.id, c.id, %(draft)s, ARRAY[c.id], NULL, line.id, 'oppose', '', '', '', '',
  'Meals come too late for small children, says number ' || line.external_id, 'en', 'visible', '', ''
FROM line JOIN (SELECT clause_id AS id, row_number() OVER () AS r FROM consultations_wording WHERE draft_id = %(draft)s AND depth = 0) c
  ON c.r = 1 + (hashtext(line.external_id) & 255)
"""


@pytest.fixture
def fill(make_consultation, asha):
    law = make_consultation("long-law", text=long_law(500))

    def more(first: int, last: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                FILL, {"law": law.pk, "person": asha.pk, "draft": law.drafts.get().pk, "first": first, "last": last}
            )

    law.fill = more
    yield law
    # At its end the references of all these rows are checked, in one statement.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def peak_of(law, format: str = "csv") -> tuple[int, int]:
    """Bytes at the most while an export is made and then sent, and rows in it."""
    Export.objects.all().delete()
    export = Export.objects.create(consultation=law, what="responses", format=format, language="en")
    tracemalloc.start()
    assert making.make_due() == 1
    export.refresh_from_db()
    sent = sum(len(piece) for piece in keeping.pieces(export))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent == export.size > 0
    assert export.parts.count() == 0
    return peak, export.done


def test_a_hundred_thousand_responses(fill, capsys):
    fill.fill(1, 10_000)
    few, rows = peak_of(fill)
    assert rows == 10_000
    fill.fill(10_001, 100_000)
    many, rows = peak_of(fill)
    assert rows == 100_000
    Clause.objects.filter(consultation=fill).update(oppose_count=200)
    with CaptureQueriesContext(connection) as asked:
        page = Client().get(fill.get_absolute_url())
    with capsys.disabled():
        sys.stdout.write(
            f"\n100,000 responses: page {len(asked)} queries, {len(gzip.compress(page.content))} bytes compressed;"
            f" export peak {few // 1000} kB at 10,000 and {many // 1000} kB at 100,000\n"
        )
    assert len(asked) <= 10
    assert len(gzip.compress(page.content)) < 25 * 1024
    assert many < few * 1.5


@pytest.fixture
def small_pieces(monkeypatch):
    """So that a few thousand rows are many parts and many pieces."""
    monkeypatch.setattr(responses, "PART", 200)
    monkeypatch.setattr(keeping, "PIECE", 1 << 14)
    monkeypatch.setattr(responses, "MOST_PRINTED", 100)


@pytest.mark.parametrize("format", ["csv", "xlsx", "docx", "pdf"])
def test_ten_times_the_responses_need_no_more_memory(fill, small_pieces, format):
    fill.fill(1, 600)
    peak_of(fill, format)  # what is imported and compiled once is no matter of the responses
    few, _rows = peak_of(fill, format)
    fill.fill(601, 6000)
    many, rows = peak_of(fill, format)
    assert rows == 6000
    assert many < few * 1.5


@pytest.mark.parametrize("way", ["rows", "file"])
def test_held_in_memory_they_would_need_more(fill, small_pieces, monkeypatch, way):
    """The same measure with each of the two ways of staying flat taken away."""
    if way == "rows":
        real = responses.lines
        monkeypatch.setattr(responses, "lines", lambda export: iter(list(real(export))))
    else:
        monkeypatch.setattr(keeping, "PIECE", -1)  # all of it at once
    fill.fill(1, 600)
    peak_of(fill)
    few, _rows = peak_of(fill)
    fill.fill(601, 6000)
    many, _rows = peak_of(fill)
    assert many >= few * 1.5


def text_of(export: Export) -> str:
    return b"".join(keeping.pieces(export)).decode("utf-8-sig")


def test_an_export_goes_on_where_its_worker_died(fill, monkeypatch):
    fill.fill(1, 5000)
    export = Export.objects.create(consultation=fill, what="responses", format="csv", language="en")
    real, parts = ExportPart.objects.create, []

    def dies(**row):
        if len(parts) == 1:
            raise RuntimeError("the worker died")
        parts.append(1)
        return real(**row)

    monkeypatch.setattr(ExportPart.objects, "create", dies)
    with pytest.raises(RuntimeError):
        making.make_due()
    monkeypatch.undo()
    export.refresh_from_db()
    assert (export.done, export.finished_at) == (2000, None)
    Export.objects.update(claimed_at=timezone.now() - making.CLAIM * 2)
    assert making.make_due() == 1
    references = [line.partition(",")[0] for line in text_of(Export.objects.get()).splitlines()[1:]]
    assert sorted(references) == sorted(f"R{n}" for n in range(1, 5001))


def test_officials_ask_for_a_file_and_others_find_none(client, fill, meera, dev):
    fill.fill(1, 3)
    Annotation.objects.update(body="=cmd")
    url = f"{fill.get_absolute_url()}workbench/responses.csv"
    client.force_login(dev)
    assert client.post(url).status_code == 404
    client.force_login(meera)
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 302
    assert client.get(url).status_code == 202
    making.make_due()
    body = b"".join(client.get(url).streaming_content).decode()
    assert "'=cmd" in body
    assert client.get(url.replace(".csv", ".odt")).status_code == 404
    assert Theme.objects.count() == 0
    assert matrix.given(fill).count() == 3


@pytest.fixture
def whole(make_consultation, asha, bilal):
    """Two answers to the whole: an organisation's in the open, a person's in confidence."""
    law = make_consultation("whole-law")
    responding.submit(
        law, asha, by="organisation", organisation="=Parents", interest="900 parents", body="Serve millet."
    )
    responding.submit(law, bilal, by="person", body="My headmaster must not read this.", confidential=True)
    return law


@pytest.mark.parametrize("format", ["csv", "xlsx", "pdf", "docx"])
def test_responses_to_the_whole_are_in_every_file_and_no_word_of_a_confidential_one(whole, client, meera, format):
    client.force_login(meera)
    url = f"{whole.get_absolute_url()}workbench/responses.{format}"
    assert client.post(url).status_code == 302
    page = client.get(url)
    assert page.status_code == 202
    assert making.make_due() == 1
    export = Export.objects.get()
    assert (export.done, export.total) == (2, 2)
    sent = client.get(url)
    data = b"".join(sent.streaming_content)
    assert int(sent["Content-Length"]) == len(data)
    words = read(format, data)
    assert "Serve millet." in words
    assert "headmaster" not in words
    for reference in Contribution.objects.values_list("reference", flat=True):
        assert reference in words
    if format in {"csv", "xlsx"}:
        assert "'=Parents" in words
        assert "yes" in words


def read(format: str, data: bytes) -> str:
    if format == "pdf":
        return "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    if format == "docx":
        return "\n".join(cell.text for row in docx.Document(BytesIO(data)).tables[0].rows for cell in row.cells)
    if format == "xlsx":
        with zipfile.ZipFile(BytesIO(data)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        return sheet
    return data.decode("utf-8-sig")


def test_a_file_for_paper_says_that_it_holds_the_first_only(fill, monkeypatch):
    monkeypatch.setattr(responses, "MOST_PRINTED", 2)
    fill.fill(1, 3)
    for format in ("pdf", "docx"):
        export = Export.objects.create(consultation=fill, what="responses", format=format, language="en")
        assert making.make_due() == 1
        data = b"".join(keeping.pieces(export))
        note = "The first 2 of 3 responses. The tables (CSV, XLSX) hold them all."
        if format == "pdf":
            assert note in read("pdf", data)
        else:
            assert note in [part.text for part in docx.Document(BytesIO(data)).paragraphs]
