"""A law of 500 clauses with 100,000 responses: the page asks no more, and an export of them all keeps its memory flat."""

import gzip
import sys
import tracemalloc

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import matrix
from consultations.exports import making, responses
from consultations.models import Annotation, Clause, Export, ExportPart, Theme
from tests.consultations.test_reading import long_law

FILL = """
WITH line AS (
  INSERT INTO activities_contribution (reference, activity_id, person_id, kind, excerpt, path, channel, external_id, language, standing)
  SELECT 'R' || n, %(law)s, %(person)s, 'response', 'Said ' || n, '', 'import', 'x' || n, 'en', 'received'
  FROM generate_series(%(first)s::int, %(last)s::int) AS n RETURNING id, external_id)
INSERT INTO consultations_annotation (activity_id, clause_id, root_id, draft_id, counted_at, author_id, contribution_id, stance,
  exact, prefix, suffix, proposed, body, language, state, state_reason, state_words, answer)
SELECT %(law)s, c.id, c.id, %(draft)s, ARRAY[c.id], NULL, line.id, 'oppose', '', '', '', '',
  'Meals come too late for small children, says number ' || line.external_id, 'en', 'visible', '', '', ''
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
    return law


def peak_of(law) -> tuple[int, int]:
    """Bytes at the most while an export is made and then sent, and rows in it."""
    Export.objects.all().delete()
    export = Export.objects.create(consultation=law, what="responses", format="csv", language="en")
    tracemalloc.start()
    assert making.make_due() == 1
    for _piece in responses.as_csv(export):
        pass
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    export.refresh_from_db()
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
    text = b"".join(responses.as_csv(Export.objects.get())).decode("utf-8-sig")
    references = [line.partition(",")[0] for line in text.splitlines()[1:]]
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
    assert client.get(url.replace(".csv", ".pdf")).status_code == 404
    assert Theme.objects.count() == 0
    assert matrix.given(fill).count() == 3
