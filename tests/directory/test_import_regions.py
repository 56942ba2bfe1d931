"""Regions come in from the CSV files of the Local Government Directory."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from i18nfield.strings import LazyI18nString

from commons.directory import regions
from commons.directory.models import Region

pytestmark = pytest.mark.django_db

INDIA = Path(__file__).parents[3] / "shared" / "data" / "india_geo"
STATES = """S.No.,State Code,State Version,State Name,State Name,Census 2001 Code,Census 2011 Code,State or UT
1,10,1,BIHAR,BIHAR,10,10,S
2,27,1,MAHARASHTRA,MAHARASHTRA,27,27,S
3,35,1,ANDAMAN AND NICOBAR ISLANDS,ANDAMAN AND NICOBAR ISLANDS,35,35,U
"""
DISTRICTS = """"State Code","State Name","District Code","District Name","Census 2001 Code","Census 2011 Code"
10,"BIHAR",189,"AURANGABAD",20,235
27,"MAHARASHTRA",469,"AURANGABAD",19,515
10,"BIHAR",200,"KAIMUR (BHABUA)",14,233
10,"BIHAR",999,"Naya Zila",,0
"""


@pytest.fixture
def run(tmp_path):
    """Runs the command on these texts; answers with the counts of its last line, and the reports."""

    def run(states: str = STATES, districts: str = DISTRICTS) -> tuple[dict, list[str]]:
        (tmp_path / "states.csv").write_bytes(states.encode() if isinstance(states, str) else states)
        (tmp_path / "districts.csv").write_bytes(districts.encode() if isinstance(districts, str) else districts)
        out, err = StringIO(), StringIO()
        call_command(
            "import_regions", states=tmp_path / "states.csv", districts=tmp_path / "districts.csv", stdout=out, stderr=err
        )  # fmt: skip
        return json.loads(out.getvalue().splitlines()[-1]), err.getvalue().splitlines()

    return run


def counts(**numbers):
    return {"read": 7, "created": 0, "unchanged": 0, "updated": 0, "reported": {}, **numbers}


def names(level: str) -> dict[int, dict[str, str]]:
    return {region.lgd_code: region.name.data for region in Region.objects.filter(level=level)}


def test_states_and_districts_come_in(run):
    assert run() == (counts(created=7), [])

    assert names("state") == {
        10: {"en": "Bihar", "hi": "बिहार"},
        27: {"en": "Maharashtra", "hi": "महाराष्ट्र"},
        35: {"en": "Andaman and Nicobar Islands", "hi": "अंडमान और निकोबार द्वीपसमूह"},
    }
    assert list(Region.objects.filter(level="state").values_list("iso_code", "is_union_territory")) == [
        ("IN-BR", False), ("IN-MH", False), ("IN-AN", True)
    ]  # fmt: skip


def test_two_districts_with_one_name_stay_two(run):
    run()

    found = Region.objects.filter(level="district", lgd_code__in=[189, 469])
    assert {(str(district.name), district.parent.lgd_code) for district in found} == {
        ("Aurangabad", 10), ("Aurangabad", 27)
    }  # fmt: skip


def test_names_in_capitals_are_written_as_people_write_them(run):
    run()

    assert names("district")[200] == {"en": "Kaimur (Bhabua)"}
    assert names("district")[999] == {"en": "Naya Zila"}


def test_a_second_run_adds_nothing(run):
    run()

    assert run() == (counts(unchanged=7), [])


def test_what_changed_in_the_file_changes_here(run):
    run()
    changed = DISTRICTS.replace("Naya Zila", "Nayi Zila").replace('10,"BIHAR",200', '27,"MAHARASHTRA",200')

    assert run(districts=changed) == (counts(updated=2, unchanged=5), [])
    assert names("district")[999] == {"en": "Nayi Zila"}
    assert Region.objects.get(level="district", lgd_code=200).parent.lgd_code == 27


def test_a_name_written_by_hand_in_another_language_stays(run):
    run()
    Region.objects.filter(level="district", lgd_code=999).update(
        name=LazyI18nString({"en": "Naya Zila", "hi": "नया ज़िला"})
    )

    assert run() == (counts(unchanged=7), [])
    assert names("district")[999] == {"en": "Naya Zila", "hi": "नया ज़िला"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('x,"BIHAR",12,"Somewhere",,', "unknown_state"),
        ('99,"NOWHERE",12,"Somewhere",,', "unknown_state"),
        (',,12,"Somewhere",,', "unknown_state"),
        ('10,"BIHAR",,"Somewhere",,', "bad_code"),
        ('10,"BIHAR",twelve,"Somewhere",,', "bad_code"),
        ('10,"BIHAR",-12,"Somewhere",,', "bad_code"),
        ('10,"BIHAR",0,"Somewhere",,', "bad_code"),
        ('10,"BIHAR",१२,"Somewhere",,', "bad_code"),
        ('10,"BIHAR",99999999999999999999,"Somewhere",,', "bad_code"),
        ('10,"BIHAR",12,"   ",,', "no_name"),
        ("10", "bad_code"),
        (f'10,"BIHAR",12,"{"a" * 121}",,', "bad_name"),
        ('10,"BIHAR",12,"Some\x00where",,', "bad_name"),
        ('10,"BIHAR",189,"Again",,', "repeated"),
    ],
)
def test_a_bad_row_is_reported_with_its_line_and_the_others_come_in(run, row, reason):
    found, reports = run(districts=DISTRICTS + row + "\n")

    assert found == counts(read=8, created=7, reported={reason: 1})
    assert [line.partition(": ")[0] for line in reports] == ["districts.csv, line 6"]
    assert reports[0].split(": ")[1] == reason


def test_a_state_that_is_neither_is_reported_and_so_are_its_districts(run):
    found, reports = run(states=STATES.replace(",27,27,S", ",27,27,X"))

    assert found == counts(created=5, reported={"bad_type": 1, "unknown_state": 1})
    assert [line.partition(": ")[0] for line in reports] == ["states.csv, line 3", "districts.csv, line 3"]


def test_bytes_that_are_no_text_are_reported(run):
    found, _reports = run(districts=DISTRICTS.encode() + b'10,"BIHAR",12,"Some\xe9where",,\n')

    assert found == counts(read=8, created=7, reported={"bad_name": 1})


def test_every_row_is_accounted_for(run):
    found, _reports = run(districts=DISTRICTS + '10,"BIHAR",x,"A",,\n10,"BIHAR",189,"B",,\n')

    assert found["read"] == found["created"] + found["unchanged"] + found["updated"] + sum(found["reported"].values())


@pytest.mark.parametrize("states", ["", "a,b\n1,2\n", "State Code,State Name\n1,BIHAR\n"])
def test_a_file_of_another_form_is_refused_as_a_whole(run, states):
    with pytest.raises(CommandError, match="no column called"):
        run(states=states)

    assert Region.objects.count() == 0


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_regions", states=tmp_path / "a.csv", districts=tmp_path / "b.csv")


def test_our_own_files_are_in_order():
    """The names the portal brings along: every state, both names, the codes of the ISO."""
    report = regions.bring_in(regions.DATA / "states.csv", regions.DATA / "districts.csv")

    assert report.counts() == {"read": 157, "created": 157, "unchanged": 0, "updated": 0, "reported": {}}
    assert [region for region in Region.objects.all() if not region.name.data.get("hi")] == []
    assert len(set(Region.objects.filter(level="state").values_list("iso_code", flat=True))) == 36


@pytest.mark.real_data
@pytest.mark.skipif(not INDIA.exists(), reason="the directory's published files are not beside the checkout")
def test_the_whole_directory_comes_in():
    states, districts = INDIA / "1-state.csv", INDIA / "2-district.csv"

    assert regions.bring_in(states, districts).counts() == {
        "read": 799, "created": 799, "unchanged": 0, "updated": 0, "reported": {}
    }  # fmt: skip
    assert (Region.objects.filter(level="state").count(), Region.objects.filter(level="district").count()) == (36, 763)
    assert Region.objects.filter(level="state", is_union_territory=True).count() == 8
    assert [region for region in Region.objects.filter(level="state") if not region.name.data.get("hi")] == []
    shown = [str(region.name) for region in Region.objects.filter(level="district")]
    assert len(shown) - len({name.upper() for name in shown}) == 5
    assert regions.bring_in(states, districts).counts() == {
        "read": 799, "created": 0, "unchanged": 799, "updated": 0, "reported": {}
    }  # fmt: skip
