"""What officials narrow the responses by: each filter is a part of the address, so each is a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from commons.directory.models import Region
from consultations import campaigns, matrix
from consultations.models import Annotation, Consultation, Draft, Placement, Submission

if TYPE_CHECKING:
    from django.db.models import QuerySet

LIKE = 60.0  # of 100: so alike is what is suggested for a theme
MOST_SUGGESTED = 2000  # responses without a theme that are compared
FILTERS = ("of", "clause", "stance", "theme", "region", "organisation", "language", "campaign", "placed", "like")
NUMBERS = {"clause", "theme", "region", "organisation", "campaign", "like"}
WORDS = {"theme": {"none"}, "organisation": {"any", "none"}}
OF_CLAUSES = ("clause", "stance", "campaign", "placed", "like")  # what a response to the whole has nothing of
Wanted = dict[str, str]


def asked(request: HttpRequest) -> Wanted:
    """The filters of an address. Raises Http404 for what no link of ours holds."""
    found = {name: request.GET.get(name, "")[:12].replace("\x00", "") for name in FILTERS}
    for name in NUMBERS:
        value = found[name]
        if value and not value.isdecimal() and value not in WORDS.get(name, set()):
            raise Http404
    return {name: value for name, value in found.items() if value}


def later_draft(consultation: Consultation) -> Draft | None:
    """The newest published version after the first: where responses were placed."""
    return consultation.drafts.filter(published_at__isnull=False, number__gt=1).order_by("-number").first()


def on_clauses(consultation: Consultation, wanted: Wanted, later: Draft | None = None) -> QuerySet[Annotation]:
    """Responses to clauses that fit."""
    rows = common(matrix.given(consultation), wanted)
    if "clause" in wanted:
        rows = rows.filter(root=int(wanted["clause"]))
    if "campaign" in wanted:
        rows = rows.filter(campaign=int(wanted["campaign"]))
    if "stance" in wanted:
        rows = rows.filter(stance=wanted["stance"])
    if "like" in wanted:
        rows = rows.filter(pk__in=like(consultation, int(wanted["like"])))
    if "placed" in wanted:
        later = later or later_draft(consultation)
        rows = rows.filter(pk__in=Placement.objects.filter(draft=later, how=wanted["placed"]).values("annotation"))
    if speakers := wanted.get("organisation"):
        spoke = organisations(consultation)
        if speakers == "none":
            rows = rows.exclude(author__in=spoke.values("author"))
        else:
            rows = rows.filter(
                author__in=(spoke if speakers == "any" else spoke.filter(pk=int(speakers))).values("author")
            )
    return rows


def on_whole(consultation: Consultation, wanted: Wanted) -> QuerySet[Submission]:
    """Responses to the whole that fit."""
    rows = common(matrix.whole(consultation), wanted)
    if any(name in wanted for name in OF_CLAUSES):
        return rows.none()
    speakers = wanted.get("organisation", "")
    if speakers in {"any", "none"}:
        return rows.filter(by=Submission.By.ORGANISATION if speakers == "any" else Submission.By.PERSON)
    return rows.filter(pk=int(speakers)) if speakers else rows


def common(rows: Any, wanted: Wanted) -> Any:
    if wanted.get("theme") == "none":
        rows = rows.filter(theme=None)
    elif "theme" in wanted:
        rows = rows.filter(theme=int(wanted["theme"]))
    if "region" in wanted:
        region = int(wanted["region"])
        rows = rows.filter(Q(contribution__region=region) | Q(contribution__region__parent=region))
    if "language" in wanted:
        rows = rows.filter(language=wanted["language"])
    return rows


def organisations(consultation: Consultation) -> QuerySet[Submission]:
    """Who said that they speak for an organisation; what they say of single clauses is its as well."""
    return matrix.whole(consultation).filter(by=Submission.By.ORGANISATION)


def like(consultation: Consultation, theme: int) -> list[int]:
    """Responses without a theme whose words are like those under the theme."""
    known = [text_of(row) for row in matrix.given(consultation).filter(theme=theme).order_by("pk")[:30]]
    others = matrix.given(consultation).filter(theme=None).order_by("pk")[:MOST_SUGGESTED]
    return [row.pk for row in others if any(fuzz.token_set_ratio(text_of(row), one) >= LIKE for one in known if one)]


def text_of(row: Annotation) -> str:
    return campaigns.normal(f"{row.body} {row.proposed}")


@dataclass(frozen=True)
class Field:
    """A filter as the form offers it, and as it is shown while it holds."""

    name: str
    label: str
    options: dict[str, str]
    value: str
    without: str  # the address's query when it no longer holds

    @property
    def chosen(self) -> str:
        return self.options.get(self.value, self.value)


def fields(
    consultation: Consultation,
    wanted: Wanted,
    labels: dict[int | None, str],
    themes: dict[str, str],
    later: Draft | None,
) -> list[Field]:
    """Every filter with what can be chosen: only what somebody said, from where somebody spoke."""
    spoke = {"any": _("Every organisation"), "none": _("People, no organisation")}
    names = organisations(consultation).order_by("organisation").values_list("pk", "organisation")[:200]
    places = Region.objects.filter(pk__in=matrix.given(consultation).values("contribution__region"))
    regions = {str(row.pk): str(row) for row in places.order_by("level", "lgd_code")[:200]}
    offered = [
        ("clause", _("Clause"), {str(pk): words for pk, words in labels.items()}),
        ("stance", _("Stance"), {code: str(words) for code, words in Annotation.Stance.choices}),
        ("theme", _("Theme"), {"none": _("none yet"), **themes}),
        ("like", _("Like those under"), themes),
        ("region", _("Region"), regions),
        ("organisation", _("Organisation"), {**spoke, **{str(pk): name for pk, name in names}}),
        ("language", _("Language"), {"en": "English", "hi": "हिन्दी"}),
    ]
    if later:
        offered.append(
            ("placed", _("In the newest version"), {code: str(words) for code, words in Placement.How.choices})
        )
    if "campaign" in wanted:
        offered.append(("campaign", _("Campaign"), {wanted["campaign"]: wanted["campaign"]}))
    return [
        Field(name, label, options, wanted.get(name, ""), without(wanted, name)) for name, label, options in offered
    ]


def without(wanted: Wanted, name: str) -> str:
    return urlencode({key: value for key, value in wanted.items() if key != name})
