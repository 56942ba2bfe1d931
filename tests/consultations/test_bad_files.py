"""Every door for files against every bad file: refused within two seconds, beside the field, in bounded memory, with nothing written."""

import resource
import time
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from consultations.models import SubmissionFile
from tests.consultations.bad_files import TABLE
from tests.consultations.test_admin import TYPED, text_url
from tests.consultations.test_responding import WHOLE

pytestmark = pytest.mark.django_db
MOST_MEMORY = 200_000  # kB above what the process had
SECONDS = 2


@contextmanager
def measured(door: str, case: str):
    """Prints how long it took (pytest -s), and fails what took too long or too much. The clock counts this process alone."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    yield
    seconds, memory = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{door}, {case}: {seconds:.3f} s, {memory // 1024} MB more")  # noqa: T201 - whoever runs it with -s wants to know
    assert seconds < SECONDS
    assert memory < MOST_MEMORY


def rows() -> dict[str, int]:
    """How many rows each table has, whether a model stands for it or not."""
    with connection.cursor() as cursor:
        return {
            table: cursor.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - the database's own names
            for table in connection.introspection.table_names(cursor)
        }


@pytest.mark.parametrize("case", TABLE)
def test_the_citizens_attachment(client, consultation, asha, case):
    name, make, expected, _official = TABLE[case]
    client.force_login(asha)
    file, before = SimpleUploadedFile(name, make()), rows()
    with measured("attachment", case):
        response = client.post(f"{consultation.get_absolute_url()}submission/", {**WHOLE, "file": file})
    if expected:
        [[error]] = response.context["form"].errors.as_data().values()
        assert (response.status_code, [*response.context["form"].errors], error.code) == (422, ["file"], expected)
        page = response.content.decode()
        assert 'id="id_file_error"' in page
        assert "too few" in page  # what was typed
        assert rows() == before
    else:
        assert response.status_code == 302
        kept = bytes(SubmissionFile.objects.get().data)
        assert [sign for sign in (b"<script", b"polyglot", b"/JavaScript") if sign in kept] == []


@pytest.mark.parametrize("case", TABLE)
def test_the_officials_text_in_the_admin(client, make_consultation, meera, case):
    name, make, _citizen, expected = TABLE[case]
    made = make_consultation(state="draft", text="")
    client.force_login(meera)
    file, before = SimpleUploadedFile(name, make()), rows()
    with measured("admin", case):
        response = client.post(text_url(made), {**TYPED, "file": file, "_save": "1"})
    if expected:
        errors = response.context["form"].errors
        assert response.status_code == 422
        assert [*errors] == ["file"]
        assert [error.code for found in errors.as_data().values() for error in found] == [expected]
        assert rows() == before
    else:
        assert response.status_code == 302


@pytest.mark.parametrize("case", TABLE)
def test_the_command(tmp_path, education, meera, case):
    name, make, _citizen, expected = TABLE[case]
    file, before = tmp_path / name, rows()
    file.write_bytes(make())
    with measured("command", case):
        if expected:
            with pytest.raises(CommandError) as refused:
                call_command("import_draft", str(file), "--institution", "education")
            assert len(str(refused.value)) > 20
            assert rows() == before
        else:
            call_command("import_draft", str(file), "--institution", "education")


# -- 200 MB -----------------------------------------------------------------------------------------
class Unread(BytesIO):
    def read(self, *_args):
        raise AssertionError("it was read")

    readline = read


@pytest.mark.parametrize("who", ["asha", "meera", None])
@pytest.mark.parametrize("door", ["submission/", "admin"])
def test_200_megabytes_are_refused_by_their_length_before_they_are_read(client, consultation, request, who, door):
    if who:
        client.force_login(request.getfixturevalue(who))
    address = text_url(consultation) if door == "admin" else f"{consultation.get_absolute_url()}{door}"
    before = rows()
    with measured("200 MB", f"{door} as {who}"):
        asked = {
            "CONTENT_LENGTH": "200000000",
            "wsgi.input": Unread(),
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
        }
        response = client.post(address, **asked)
    assert response.status_code == 413
    assert "30 MB" in response.content.decode()
    assert rows() == before


def test_the_command_does_not_read_200_megabytes(tmp_path, education, meera):
    file = tmp_path / "law.pdf"
    with file.open("wb") as made:
        made.truncate(200_000_000)
    with measured("command", "200 MB"), pytest.raises(CommandError, match="larger than 25 MB"):
        call_command("import_draft", str(file), "--institution", "education")
