"""Finding activities: filters and orders that are plain links, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import BigIntegerField, DateTimeField, Exists, F, Field, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _

from commons.activities.models import Activity
from commons.core import keyset
from commons.core.compiled import Compiled, Given
from commons.directory.models import Institution, Region, Sector

if TYPE_CHECKING:
    from django.http import QueryDict

    from commons.activities.models.activity import ActivityQuerySet

SIZE = 24
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # stands for "stays open", so that it sorts last and pages go on
ORDERS = {
    "closing": ["closes_sort", "id"],
    "newest": ["-opens_at", "-id"],
    "active": ["-participant_count", "-id"],
}
SORTED_BY: dict[str, Field[Any, Any]] = {
    "closes_sort": DateTimeField(), "opens_at": DateTimeField(), "participant_count": BigIntegerField(),
    "id": BigIntegerField(),
}  # fmt: skip
PHASES = ("open", "scheduled", "closed", "unanswered")
NAMES = ("q", "phase", "kind", "institution", "group", "region", "sector", "order")


@dataclass
class Listing:
    """What was asked for. Unknown values are dropped and `dropped` says so, rather than an error page."""

    asked: dict[str, str]
    dropped: bool = False
    shown: dict[str, Any] = field(default_factory=dict)  # the things filtered by, for the chips

    @property
    def followable(self) -> list[tuple[str, Any]]:
        """What the list is narrowed to and has no page of its own where people could follow it: (kind, thing)."""
        return [(kind, thing) for kind, thing in self.shown.items() if kind != "institution"]

    def without(self, name: str) -> str:
        return "?" + urlencode({k: v for k, v in self.asked.items() if k != name})

    @property
    def address(self) -> str:
        """What was asked for, as the end of an address: the same filters always in the same order."""
        return urlencode({name: self.asked[name] for name in NAMES if name in self.asked})

    def having(self, name: str, value: str) -> str:
        return "?" + urlencode({**self.asked, name: value})


def read(query: QueryDict) -> Listing:
    """The filters in an address; at most 100 signs each, without null bytes."""
    return Listing({name: str(query[name]).replace("\x00", "")[:100] for name in NAMES if query.get(name)})


def find(listing: Listing, activities: ActivityQuerySet, at: datetime) -> ActivityQuerySet:
    """The published activities that fit, in the order asked for."""
    asked = listing.asked
    found = activities.published(at)
    phase = asked.get("phase")
    if phase in PHASES:
        found = getattr(found, phase)(at)
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    for name, model, key in (
        ("institution", Institution, "code"),
        ("sector", Sector, "slug"),
        ("region", Region, "pk"),
    ):
        if name in asked:
            thing = find_one(model, key, asked[name])
            if thing is None:
                listing.dropped = True
                continue
            listing.shown[name] = thing
    if "institution" in listing.shown:
        found = found.filter(institution__in=Institution.objects.under([listing.shown["institution"].pk]))
    if "sector" in listing.shown:
        found = found.filter(sectors=listing.shown["sector"])
    if region := listing.shown.get("region"):
        about = Region.objects.filter(Q(pk=region.pk) | Q(pk=region.parent_id) | Q(parent=region))
        found = found.filter(Exists(Activity.regions.through.objects.filter(activity=OuterRef("pk"), region__in=about)))
    if "group" in asked:
        found = found.filter(group__slug=asked["group"])
    for word in asked.get("q", "").split()[:6]:
        found = found.filter(search_text__icontains=word)
    return found.annotate(closes_sort=Coalesce(F("closes_at"), Value(NEVER)))


def find_one(model: Any, key: str, value: str) -> Any:
    if key == "pk" and not (value.isascii() and value.isdecimal() and len(value) < 10):
        return None
    return model.objects.filter(**{key: value}).first()


def order_of(listing: Listing) -> str:
    asked = listing.asked.get("order", "")
    return asked if asked in ORDERS else ("closing" if listing.asked.get("phase") == "open" else "newest")


def one_page(listing: Listing, at: datetime, cursor: str) -> keyset.Page[Activity]:
    """The cards of one page. Raises Http404 for a made-up cursor."""
    order = ORDERS[order_of(listing)]
    if listing.asked.keys() <= {"kind", "phase", "order"}:
        asked = [listing.asked.get(name, "") for name in ("kind", "phase", "order")]
        rows = plain_page(*asked, goes_on=bool(cursor)).rows(at=at, **last_row(order, cursor))
        return keyset.cut(rows, order, SIZE)
    return keyset.page(shown(find(listing, Activity.objects.all(), at)), order, cursor, SIZE)


def shown(found: ActivityQuerySet) -> ActivityQuerySet:
    return found.for_cards().exclude(opens_at=None)


@lru_cache(maxsize=50)
def plain_page(kind: str, phase: str, order: str, *, goes_on: bool) -> Compiled[Activity]:
    """The pages most people ask for: without a word, a place or a subject."""
    listing = Listing({"kind": kind, "phase": phase, "order": order})
    by, at = ORDERS[order_of(listing)], Given("at", DateTimeField())
    found = shown(find(listing, Activity.objects.all(), at))  # type: ignore[arg-type]
    if goes_on:
        names = [name.lstrip("-") for name in by]
        found = found.filter(keyset.after(by, [Given(name, SORTED_BY[name]) for name in names]))
    return Compiled(lambda: found.order_by(*by)[: SIZE + 1])


def last_row(order: list[str], cursor: str) -> dict[str, Any]:
    """What the page before ended with, by name; nothing on the first. Raises Http404 for a made-up cursor."""
    if not cursor:
        return {}
    names = [name.lstrip("-") for name in order]
    values: dict[str, Any] = dict(zip(names, keyset.decode(cursor, len(names)), strict=True))
    for name, value in values.items():
        if isinstance(SORTED_BY[name], DateTimeField):
            fits = isinstance(value, datetime)
        else:
            fits = type(value) is int and -(2**63) <= value < 2**63
        if not fits:
            raise Http404
    return values


def choices(asked: str) -> list[dict[str, Any]]:
    """Every filter as links, for a listing's `address`: (words, address, whether it is chosen)."""
    listing = Listing(dict(parse_qsl(asked)))
    phases = [
        ("open", _("Open")),
        ("scheduled", _("Opens soon")),
        ("closed", _("Closed")),
        ("unanswered", _("Waiting for an answer")),
    ]
    orders = [("closing", _("Closing soon")), ("newest", _("Newest")), ("active", _("Most active"))]
    known = [(i.code, str(i.name)) for i in Institution.objects.order_by("code")[:60]]
    sectors = [(s.slug, str(s.name)) for s in Sector.objects.order_by("slug")[:60]]
    chosen_region = find_one(Region, "pk", listing.asked["region"]) if "region" in listing.asked else None
    state = chosen_region and (chosen_region.parent_id or chosen_region.pk)
    regions = Region.objects.filter(parent_id=state) if state else Region.objects.filter(level=Region.Level.STATE)
    named = sorted(((str(r.pk), str(r.name)) for r in regions[:120]), key=lambda pair: pair[1])
    if chosen_region:
        named.insert(0, (str(chosen_region.pk), str(chosen_region.name)))
    rows = [
        ("phase", _("Phase"), phases), ("institution", _("Institution"), known), ("sector", _("Subject"), sectors),
        ("region", _("Region"), named), ("order", _("Order"), orders),
    ]  # fmt: skip
    current = {**listing.asked, "order": order_of(listing)}
    return [
        {
            "name": name, "label": label, "chosen": current.get(name, "") if name != "order" else "",
            "links": [(words, listing.having(name, value), current.get(name) == value) for value, words in values],
            "all": listing.without(name) if name in listing.asked and name != "order" else "",
        }
        for name, label, values in rows
    ]  # fmt: skip
