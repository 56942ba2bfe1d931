"""The demo's country before anybody speaks: regions, sectors, institutions, groups, and who belongs where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from commons.directory import regions
from commons.directory.models import Institution, Post, Region, Sector
from commons.follows.following import follow
from commons.people.models import User
from groups.membership import join
from groups.models import Group
from mygov.demo import people, texts
from mygov.demo.past import Past


@dataclass
class Country:
    """Everything the story's scenes reach for."""

    past: Past
    rng: Random
    cast: dict[str, User] = field(default_factory=dict)
    crowd: dict[str, list[User]] = field(default_factory=dict)
    institutions: dict[str, Institution] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    genders: dict[int, str] = field(default_factory=dict)  # of a person: f, m, or - when the name does not tell
    members: dict[str, set[int]] = field(default_factory=dict)  # of a group, by its slug
    spoke: dict[int, int] = field(default_factory=dict)  # how often somebody of the crowd speaks
    officials: dict[tuple[str, str], User] = field(default_factory=dict)  # (institution, role)

    @property
    def citizens(self) -> list[User]:
        """Everybody who votes and joins: the crowd, in a lasting order."""
        return self.crowd["en"] + self.crowd["hi"]

    def official(self, institution: Institution, role: str) -> User:
        """Who acts for the institution: its own official, or one of the ministry it belongs to."""
        code = institution.code
        if (code, role) not in self.officials and institution.parent:
            return self.official(institution.parent, role)
        return self.officials[code, role]


def found(country: Country, began: datetime) -> None:
    """Builds the country as it was at `began`."""
    regions.bring_in(regions.DATA / "states.csv", regions.DATA / "districts.csv")
    for slug, pair in texts.facts("sectors")["sectors"].items():
        Sector.objects.create(slug=slug, name=texts.both(pair))
    joined = began - timedelta(days=160)
    country.cast = people.make_cast(joined)
    country.crowd, country.genders = people.make_crowd(joined, country.rng)
    for facts in texts.facts("institutions")["institution"]:
        make_institution(country, facts, joined)
    for facts in texts.facts("groups")["group"]:
        make_group(country, facts)
    for key, slug in (("asha", "better-schools"), ("asha", "clinics-near-home"), ("bilal", "safe-roads")):
        join(country.groups[slug], country.cast[key])
        follow(country.cast[key], country.groups[slug])
    follow(country.cast["asha"], country.institutions["health"])
    follow(country.cast["bilal"], country.institutions["education"])


def make_institution(country: Country, facts: dict[str, Any], joined: datetime) -> None:
    code = str(facts["code"])
    institution = Institution.objects.create(
        code=code, name=texts.both(facts["name"]), about=texts.both(facts["about"]),
        parent=country.institutions.get(str(facts.get("parent"))),
    )  # fmt: skip
    country.institutions[code] = institution
    for role in (Post.Role.AUTHOR, Post.Role.APPROVER):
        name = facts.get(str(role))
        if name in country.cast:
            Post.objects.create(person=country.cast[name], role=role, institution=institution)
            country.officials[code, role] = country.cast[name]
        elif name:
            country.officials[code, role] = people.make_official(str(name), institution, role, joined)
    if code == "health":  # dev approves too: never what he wrote himself
        Post.objects.create(person=country.cast["dev"], role=Post.Role.APPROVER, institution=institution)


def make_group(country: Country, facts: dict[str, Any]) -> None:
    group = Group.objects.create(
        slug=facts["slug"], institution=country.institutions[str(facts["institution"])],
        name=texts.both(facts["name"]), objective=texts.both(facts["objective"]), state=Group.State.ACTIVE,
    )  # fmt: skip
    group.sectors.set(Sector.objects.filter(slug__in=facts["sectors"]))
    group.regions.set(Region.objects.filter(level="state", lgd_code__in=facts.get("regions", [])))
    country.groups[group.slug] = group
    wanted = round(float(str(facts["members"])) * len(country.citizens))
    members = country.rng.sample(country.citizens, wanted)
    for person in members:
        join(group, person)
    country.members[group.slug] = {person.pk for person in members}
