"""Brings a draft in from a file: makes the consultation, or the next version of one. The last line is JSON counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify
from i18nfield.strings import LazyI18nString

from commons.activities import lifecycle
from commons.activities.admin_forms import free_slug
from commons.activities.models import Activity
from commons.directory.models import Institution, Post
from commons.people.models import User
from consultations import drafting, outline, sources
from consultations.models import Consultation, Draft


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--institution", required=True, help="its code, such as education")
        parser.add_argument("--consultation", default="", help="the address of one that exists: its next version")
        parser.add_argument(
            "--stage", choices=Draft.Stage.values, default="", help="default: draft, and revised once it is published"
        )
        parser.add_argument("--language", default="en")
        parser.add_argument(
            "--by", default="", help="e-mail of the official who brings it in; default: an author there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = self.bring_in(**options)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(json.dumps(counts))

    @transaction.atomic
    def bring_in(self, file: Path, institution: str, consultation: str, stage: str, language: str, by: str, **rest: Any) -> dict[str, Any]:  # fmt: skip
        if not file.is_file():
            raise CommandError(f"there is no file {file}")
        if file.stat().st_size > sources.MOST_BYTES:
            raise sources.too_large()
        read = outline.read(sources.to_markdown(file.name, file.read_bytes()))
        place = Institution.objects.filter(code=institution).first()
        if place is None:
            raise CommandError(f"there is no institution {institution}")
        official = self.official(place, by)
        if consultation:
            found = Consultation.objects.filter(slug=consultation, institution=place).first()
            if found is None:
                raise CommandError(f"{institution} has no consultation {consultation}")
        else:
            found = self.begun(read, place, official, file.stem)
        stage = stage or (Draft.Stage.REVISED if found.state == Activity.State.PUBLISHED else Draft.Stage.DRAFT)
        proposal = drafting.propose(found, read)
        draft = drafting.bring_in(found, official, proposal, stage=stage, language=language, source=file.name)
        return {"consultation": found.slug, "version": draft.number if draft else None, **proposal.counts}

    def official(self, place: Institution, by: str) -> User:
        people = User.objects.filter(posts__institution=place, posts__role__in=[Post.Role.AUTHOR, Post.Role.APPROVER])
        found = people.filter(email=by).first() if by else people.order_by("-posts__role", "pk").first()
        if found is None:
            raise CommandError(f"nobody {'called ' + by + ' ' if by else ''}writes for {place.code}")
        return found

    def begun(self, read: outline.Outline, place: Institution, official: User, name: str) -> Consultation:
        """A draft for the official to complete, or the one this file began before and nobody published yet."""
        title = (read.title or name)[:160]
        slug = slugify(title)[:80].strip("-") or "consultation"
        before = Consultation.objects.filter(slug=slug, institution=place).first()
        if before is not None:
            return before
        made = Consultation(
            institution=place, slug=free_slug(slug, Activity.objects.all()), title=LazyI18nString({"en": title}),
            conversation=Activity.Conversation.NONE,
        )  # fmt: skip
        lifecycle.write(made, official)
        return made
