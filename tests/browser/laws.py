"""Laws that are asked about, in every state, for the browser's small country."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from commons.activities import lifecycle
from commons.activities.models import Activity
from consultations import clarifying, drafting, matrix, outline, responding, scanning
from consultations.attachments import PDF, Cleaned
from consultations.models import Annotation, Consultation, Document, Export, MatrixRow, Step
from mygov.demo.texts import TEXTS
from tests.browser.texts import both
from tests.consultations.test_outline import REAL
from tests.consultations.test_real_rules import SAID

if TYPE_CHECKING:
    from tests.browser.world import World


def build(world: World) -> None:
    """One open, with its text; one a draft."""
    text = outline.read((TEXTS / "school-library-rules.md").read_text(encoding="utf-8"))
    world.law = made(world, "library-rules", text)
    world.law_draft = made(world, "playground-rules", text, published=False)
    Document.objects.create(consultation=world.law, title=both("The Act", "अधिनियम"), link="https://example.org/act")
    Step.objects.create(consultation=world.law, name="draft", day=world.now.date())
    draft = world.law.drafts.get()
    for by, label, stance, words in (
        (world.bilal, "5(2)", "oppose", "Whoever fears the fine does not borrow."), (world.asha, "5(2)", "amend", "The school can replace it."),
        (world.bilal, "4(1)", "ask", "Who keeps the timetable?"), (world.ravi, "5(2)", "support", ""),
    ):  # fmt: skip
        proposed = "A pupil who loses a book tells the teacher." if stance == "amend" else ""
        place = draft.wordings.get(label=label).clause_id
        row = responding.respond(world.law, draft, place, by, stance=stance, body=words, proposed=proposed)
    world.law_clause = draft.wordings.get(label="5(2)").clause
    world.law_question = Annotation.objects.get(stance="ask")
    world.law_asked = draft.wordings.get(label="4").clause
    for by, label, words in (
        (world.asha, "4(1)", "Who keeps the timetable of the library?"),
        (world.ravi, "5(3)(b)", "Who decides?"),
    ):
        place = draft.wordings.get(label=label).clause_id
        world.law_like = responding.respond(world.law, draft, place, by, stance="ask", body=words)
    clarifying.answer(
        world.law, [world.law_like.pk], world.meera, both("The head of the school.", "विद्यालय के प्रधानाध्यापक।")
    )
    world.law_like = Annotation.objects.get(author=world.asha, stance="ask")
    responding.submit(
        world.law, world.asha, by="organisation", organisation="Village Reading Circle", interest="Readers of four villages.", body="Good rules.",
        file=Cleaned("letter of our readers.pdf", PDF, b"%PDF-1.7"),
    )  # fmt: skip
    found = responding.submit(
        world.law, world.ravi, by="person", body="More.", file=Cleaned("letter.pdf", PDF, b"%PDF-1.7")
    )
    scanning.refuse(found.file, "Eicar-Test-Signature")
    world.law_done = made(world, "water-rules", text)
    old = world.law_done.drafts.get()
    row = responding.respond(
        world.law_done, old, old.wordings.get(label="4(1)").clause_id, world.bilal, stance="oppose", body="Too few."
    )
    Activity.objects.filter(pk=world.law_done.pk).update(
        opens_at=timezone.now() - timedelta(days=40), closes_at=timezone.now()
    )
    answer = MatrixRow(
        consultation=world.law_done, clause_id=row.root_id, summary=both("Too few hours.", "घंटे कम हैं।"),
        response=both("Two hours from now on.", "अब से दो घंटे।"), decision="accepted",
    )  # fmt: skip
    matrix.write_row(answer, world.meera)
    answer.quotes.add(row)
    matrix.publish(world.law_done, world.arjun)
    Export.objects.update(claimed_at=world.now + timedelta(days=1))  # its worker is at it all through the walk
    matrix.tell_all()
    later = (
        (TEXTS / "school-library-rules.md").read_text(encoding="utf-8").replace("one library hour", "two library hours")
    )
    drafting.bring_in(world.law_done, world.meera, drafting.propose(world.law_done, outline.read(later)), stage="final")
    drafting.publish(world.law_done.drafts.select_related("consultation").get(number=2), world.arjun)
    world.law_placed = row
    world.clause = world.law.drafts.get().wordings.get(label="5").clause
    world.item = world.law.drafts.get().wordings.get(label="5(3)(b)").clause


def published_rules(world: World) -> None:
    """Nine rules that a ministry published, open for responses; only where they lie beside the checkout."""
    if not REAL.exists():
        return
    law = made(world, "data-rules", outline.read(REAL.read_text(encoding="utf-8")))
    for number, (label, _said) in enumerate(SAID):
        setattr(world, f"rule_{number}", law.drafts.get().wordings.get(label=label).clause)


def made(world: World, slug: str, text: outline.Outline, *, published: bool = True) -> Consultation:
    words = both(
        "Every school shall have books that children can reach.", "हर विद्यालय में ऐसी किताबें हों जिन तक बच्चे पहुँच सकें।"
    )
    law = Consultation(
        institution=world.education, slug=slug, title=both("School Libraries Rules", "विद्यालय पुस्तकालय नियम"),
        summary=words, note=words, justification=words, promise=both("We answer every clause.", "हम हर धारा का उत्तर देंगे।"),
        conversation="none", closes_at=world.now + timedelta(days=40), promise_by=world.now + timedelta(days=90),
    )  # fmt: skip
    lifecycle.write(law, world.meera)
    drafting.bring_in(law, world.meera, drafting.propose(law, text))
    if published:
        lifecycle.submit_for_review(law, world.meera)
        lifecycle.publish(law, world.arjun)
    return law
