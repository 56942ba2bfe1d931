"""A small filter that learns from moderators' decisions what is hidden here, and says by which words it knows.

Naive Bayes over the words of a text, one filter a language. Only the most telling words of a text count, so that many
harmless words around them hide nothing. It is measured before it is asked: trained on the older four fifths of the
decisions, it judges the newest fifth; then it learns from all. While it knows too little, or was wrong too often, it is
off (`LearnedFilter.lacks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

from django.db.models import OuterRef, Subquery

from commons.core.language import written_in
from mygov.moderation.models import Decision, LearnedFilter, ScreeningRule
from mygov.moderation.reasons import Reason
from mygov.moderation.words import words_of

MOST_DECISIONS = 10_000  # the newest of a language
MOST_WORDS = 5_000  # kept in a filter
TELLING = 15  # words of a text that count
COMMON = 3  # a word in fewer texts than this is nobody's habit, and may be somebody's name
EXPLAINS = 5  # words shown
KEPT = 10  # filters of a language
# What is a duplicate, or beside the point, cannot be told by its words.
TOLD_BY_WORDS = {Reason.ILLEGAL, Reason.OFFENCE, Reason.IMPERSONATION, Reason.SPAM}
What = Decision.What
HIDDEN = [What.HIDE, What.REMOVE]


@dataclass(frozen=True)
class Decided:
    """One text, and what a moderator said of it last."""

    decision: int
    words: frozenset[str]
    reason: str  # empty: approved


@dataclass(frozen=True)
class Opinion:
    """What a filter thinks of a text: how likely it would be hidden, in per cent, and the words that say so."""

    per_cent: int
    words: list[str]
    filter: LearnedFilter


# -- learning ------------------------------------------------------------------------------------


def train_all() -> list[LearnedFilter]:
    """A new filter for every language in which something was decided since the last one."""
    made = []
    for language, decided in sorted(by_language().items()):
        newest = LearnedFilter.objects.filter(language=language).order_by("-id").first()
        if newest is None or newest.newest_decision < max(one.decision for one in decided):
            made.append(train(language, decided))
            old = LearnedFilter.objects.filter(language=language).order_by("-id").values_list("pk", flat=True)[KEPT:]
            LearnedFilter.objects.filter(pk__in=list(old)).delete()
    return made


def by_language() -> dict[str, list[Decided]]:
    """The newest decisions, the newest first. One a text: the last says what is right."""
    last = Decision.objects.filter(case=OuterRef("case")).order_by("-id").values("pk")[:1]
    rows = Decision.objects.filter(pk=Subquery(last), what__in=[*HIDDEN, What.APPROVE, What.RESTORE])
    rows = rows.select_related("case__comment", "case__idea").order_by("-id")
    found: dict[str, list[Decided]] = {}
    for row in rows[: 2 * MOST_DECISIONS].iterator(chunk_size=500):
        hidden = row.what in HIDDEN
        if hidden and row.reason not in TOLD_BY_WORDS:
            continue
        text = row.case.whole_text
        decided = found.setdefault(written_in(text), [])
        if text and len(decided) < MOST_DECISIONS:
            decided.append(Decided(row.pk, frozenset(words_of(text)), row.reason if hidden else ""))
    return {language: decided for language, decided in found.items() if decided}


def train(language: str, decided: Sequence[Decided]) -> LearnedFilter:
    """Measures on the newest fifth what the others teach, then learns from all. `decided` is the newest first."""
    rule = ScreeningRule.objects.get(kind=ScreeningRule.Kind.LEARNED)
    held_out, older = decided[: len(decided) // 5], decided[len(decided) // 5 :]
    bias, weights = learn(older)
    outcomes = Counter((bool(one.reason), judged(one.words, bias, weights)[0] >= rule.threshold) for one in held_out)
    bias, weights = learn(decided)
    hidden = [one.reason for one in decided if one.reason]
    return LearnedFilter.objects.create(
        language=language, newest_decision=max(one.decision for one in decided), hidden=len(hidden),
        approved=len(decided) - len(hidden), reason=Counter(hidden).most_common(1)[0][0] if hidden else Reason.SPAM,
        bias=bias, weights=weights, marked_from=rule.threshold, found=outcomes[True, True],
        missed=outcomes[True, False], wronged=outcomes[False, True], passed=outcomes[False, False],
    )  # fmt: skip


def learn(decided: Sequence[Decided]) -> tuple[float, dict[str, float]]:
    """The log-odds of being hidden: of any text, and what each word adds. Every word counts one more than it was seen."""
    hidden, approved = Counter[str](), Counter[str]()
    for one in decided:
        (hidden if one.reason else approved).update(one.words)
    n_hidden = sum(1 for one in decided if one.reason)
    n_approved = len(decided) - n_hidden
    weights = {
        word: log((hidden[word] + 1) / (n_hidden + 2)) - log((approved[word] + 1) / (n_approved + 2))
        for word in hidden | approved
        if hidden[word] + approved[word] >= COMMON
    }
    strongest = sorted(weights.items(), key=lambda pair: (-abs(pair[1]), pair[0]))[:MOST_WORDS]
    return log((n_hidden + 1) / (n_approved + 1)), {word: round(weight, 3) for word, weight in strongest}


# -- being asked ---------------------------------------------------------------------------------


def judged(words: Iterable[str], bias: float, weights: dict[str, float]) -> tuple[float, list[tuple[str, float]]]:
    """How likely it would be hidden, in per cent, and what each of its most telling words adds."""
    known = sorted(((word, weights[word]) for word in set(words) if word in weights), key=lambda w: (-abs(w[1]), w[0]))
    telling = known[:TELLING]
    odds = bias + sum(weight for _word, weight in telling)
    return 100 / (1 + exp(-max(min(odds, 50), -50))), telling


def newest(language: str) -> LearnedFilter | None:
    """The filter of a language, without its words."""
    return LearnedFilter.objects.filter(language=language).defer("weights").order_by("-id").first()


@lru_cache(maxsize=8)
def weights_of(pk: int) -> dict[str, float]:
    """The words of a filter. They never change, so each process reads them once."""
    return LearnedFilter.objects.values_list("weights", flat=True).get(pk=pk)


def opinion(text: str) -> Opinion | None:
    """What the filter of the text's language thinks of it, ready or not. None where nothing was learned."""
    return opinion_of(newest(written_in(text)), text)


def opinion_of(found: LearnedFilter | None, text: str) -> Opinion | None:
    """What this filter thinks of a text."""
    if found is None:
        return None
    per_cent, telling = judged(words_of(text), found.bias, weights_of(found.pk))
    side = 1 if per_cent >= 50 else -1
    return Opinion(int(per_cent), [word for word, weight in telling if weight * side > 0][:EXPLAINS], found)


def top_words(found: LearnedFilter) -> tuple[list[str], list[str]]:
    """The words that speak most for hiding, and most against."""
    ordered = sorted(weights_of(found.pk).items(), key=lambda pair: (-pair[1], pair[0]))
    return [word for word, weight in ordered[:10] if weight > 0], [
        word for word, weight in reversed(ordered[-10:]) if weight < 0
    ]
