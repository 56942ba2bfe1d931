"""The small country the browser walks through: every page's every state once, built through the public verbs.

Times that lie in the past are set afterwards, since a verb acts now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone, translation

from commons.activities import ledger, lifecycle
from commons.activities.models import Activity, Contribution, Outcome
from commons.comments import folding, voting, writing
from commons.comments.models import Comment
from commons.directory.models import Institution, Post, Region, Sector
from commons.follows import following
from commons.integrity import checking, finding
from commons.integrity.models import Cluster
from commons.integrity.traces import Trace
from commons.people.models import User
from discussions import idea_answers, idea_author, idea_steps, ideas
from discussions.models import Discussion, Idea, IdeaResponse, ResponsePoint
from groups import membership
from groups.models import Group
from mygov.moderation import appeals, deciding, learning, reporting, rules, second_reviews, transparency
from mygov.moderation.models import BulkDecision, BulkItem, Case, Decision, SecondReview
from mygov.notifications import telling
from tests.browser import laws, polls, surveys
from tests.browser.texts import HOSTILE, LONG, both
from tests.cast import person


class World:
    def __init__(self) -> None:
        self.now = timezone.now()

    def build(self) -> None:
        self.people()
        self.places()
        self.midday_meals()
        self.sides()
        self.phases()
        self.forum()
        laws.build(self)
        laws.published_rules(self)
        surveys.build(self)
        self.answers()
        polls.build(self)
        self.release()
        self.desk()
        self.votes_of_one_hand()
        self.judged()
        folding.fold()
        ideas.fold()
        folding.refresh_trending()
        while telling.expand() == 100:
            pass

    # -- who -----------------------------------------------------------------------------------
    def people(self) -> None:
        for name in ("asha", "bilal", "naya", "lonely", "ravi"):
            setattr(self, name, person(name))
        for name in ("meera", "arjun", "dev", "mod"):
            setattr(self, name, person(name, is_staff=True))
        self.admin = person("admin", is_staff=True, is_superuser=True)
        User.objects.update(joined_at=self.now - timedelta(days=40))
        self.guest = person("guest")
        User.objects.filter(pk=self.guest.pk).update(level=0)  # can sign in, and nothing more
        self.tara = person("tara")
        TOTP.activate(self.tara, generate_totp_secret())
        RecoveryCodes.activate(self.tara)
        self.paru = person("paru")  # has a passkey that no device knows: enough to list, name and remove it
        key = {"name": "Telephone", "credential": {}}
        self.passkey = Authenticator.objects.create(user=self.paru, type=Authenticator.Type.WEBAUTHN, data=key)
        self.kiran = person("kiran")
        self.kiran.set_unusable_password()  # signs in by code
        self.kiran.save()
        self.hindi = person("hema", display_name="हेमा", language="hi")
        self.crowd = [person(f"citizen{n}", display_name=name) for n, name in enumerate(
            ["Kavita R", "Imran", "सुनीता देवी", "Joseph", "Lalthanmawia", "Gurpreet", "", "Farida"]
        )]  # fmt: skip

    # -- where ---------------------------------------------------------------------------------
    def places(self) -> None:
        self.education = Institution.objects.create(
            code="education", name=both("Ministry of Education", "शिक्षा मंत्रालय"),
            about=both("Schools, colleges and literacy.", "विद्यालय, महाविद्यालय और साक्षरता।"),
        )  # fmt: skip
        Institution.objects.create(
            code="curriculum",
            name=both("Council for School Curriculum", "विद्यालय पाठ्यचर्या परिषद"),
            parent=self.education,
        )
        self.health = Institution.objects.create(code="health", name=both("Ministry of Health", "स्वास्थ्य मंत्रालय"))
        self.sectors = [
            Sector.objects.create(slug=slug, name=both(en, hi))
            for slug, en, hi in (("schools", "Schools", "विद्यालय"), ("food", "Food", "भोजन"), ("water", "Water", "जल"))
        ]
        self.kerala = Region.objects.create(level="state", lgd_code=32, name=both("Kerala", "केरल"))
        Region.objects.create(level="district", lgd_code=555, name=both("Idukki", "इडुक्की"), parent=self.kerala)
        self.group = self.make_group("schools", "Better schools", "बेहतर विद्यालय", Group.State.ACTIVE)
        self.make_group("libraries", "Village libraries", "गाँव के पुस्तकालय", Group.State.ACTIVE)
        self.make_group("literacy-2020", "Literacy 2020", "साक्षरता 2020", Group.State.ARCHIVED)
        for user, role, institution in (
            (self.meera, Post.Role.AUTHOR, self.education), (self.arjun, Post.Role.APPROVER, self.education),
            (self.dev, Post.Role.AUTHOR, self.health), (self.dev, Post.Role.APPROVER, self.health),
            (self.mod, Post.Role.MODERATOR, None),
        ):  # fmt: skip
            Post.objects.create(person=user, role=role, institution=institution)
        Post.objects.create(person=self.meera, role=Post.Role.AUTHOR, group=self.group)
        membership.join(self.group, self.asha)
        following.follow(self.asha, self.group)
        User.objects.filter(pk=self.asha.pk).update(
            about="Mother of two, keeps the accounts of our village's milk cooperative.", state=self.kerala,
            languages=["hi", "en"], skills=["accounts"], public_fields=["about", "state", "languages"],
        )  # fmt: skip

    def make_group(self, slug: str, en: str, hi: str, state: str) -> Group:
        group = Group.objects.create(
            institution=self.education, slug=slug, name=both(en, hi), state=state,
            objective=both("Schools every child likes to go to, and every parent trusts.",
                           "ऐसे विद्यालय जहाँ हर बच्चा जाना चाहे और जिन पर हर माता-पिता भरोसा करें।"),
        )  # fmt: skip
        group.sectors.add(self.sectors[0])
        return group

    # -- what ----------------------------------------------------------------------------------
    def discussion(self, slug: str, en: str, hi: str, **fields: Any) -> Discussion:
        """Written by meera, submitted, approved by arjun."""
        given = {
            "institution": self.education, "slug": slug, "title": both(en, hi),
            "summary": both("Tell us what works where you live, and what you would change first.",
                            "बताइए कि आपके यहाँ क्या ठीक चल रहा है, और आप सबसे पहले क्या बदलेंगे।"),
            "promise": both("We will answer the ten most supported points, one by one.",
                            "हम सबसे अधिक समर्थन पाने वाली दस बातों का एक-एक करके उत्तर देंगे।"),
            "promise_by": self.now + timedelta(days=90), "closes_at": self.now + timedelta(days=12, hours=5),
            "body": both("## Why we ask\nMeals keep children at school. **12 crore** children eat them.\n\n"
                         "| Year | Schools |\n|---|---|\n| 2024 | 10.2 lakh |\n| 2025 | 10.6 lakh |\n\n- What is served?\n- Who checks it?",
                         "## हम क्यों पूछते हैं\nभोजन बच्चों को विद्यालय में रखता है। **12 करोड़** बच्चे इसे खाते हैं।"),
        }  # fmt: skip
        discussion = Discussion(**(given | fields))
        lifecycle.write(discussion, self.meera)
        lifecycle.submit_for_review(discussion, self.meera)
        lifecycle.publish(discussion, self.arjun)
        return Discussion.objects.get(pk=discussion.pk)

    def back(self, activity: Activity, **times: datetime | None) -> None:
        Activity.objects.filter(pk=activity.pk).update(
            **({"published_at": self.now - timedelta(days=60), "opens_at": self.now - timedelta(days=60)} | times)
        )

    def say(self, activity: Activity, by: User, text: str, language: str = "en", **more: Any) -> Comment:
        with translation.override(language):
            return writing.write(activity, by, text, **more)

    def midday_meals(self) -> None:
        """The busiest one: pages of comments, deep replies, an official answer, gaps where something was taken away."""
        meals = self.meals = self.discussion(
            "midday-meals",
            "What should a midday meal at school be like?",
            "विद्यालय का मध्याह्न भोजन कैसा हो?",
            group=self.group,
        )
        meals.sectors.add(*self.sectors[:2])
        lifecycle.extend(
            meals, self.arjun, self.now + timedelta(days=20), "Schools in the hills open again only next week."
        )
        first = self.first = self.say(
            meals, self.asha, "Eggs twice a week. In our school the children *run* to the kitchen on those days."
        )
        self.line = first.contribution
        answer = self.answer = self.say(
            meals, self.bilal, "Ours gives bananas to those who do not eat eggs. That works too.", parent=first
        )
        deeper = self.say(meals, self.crowd[0], "Who pays for the bananas?", parent=answer)
        deepest = self.say(meals, self.bilal, "The parents' committee, from the kitchen garden.", parent=deeper)
        self.say(meals, self.crowd[1], "We started a garden too. 40 square metres are enough.", parent=deepest)
        for n, citizen in enumerate(self.crowd[2:6]):
            self.say(meals, citizen, f"In our block it is the same, year {2020 + n}.", parent=first)
        warm = self.say(meals, self.hindi, "भोजन गरम मिले और समय पर मिले। रसोइया दीदी को समय पर मानदेय मिलना चाहिए।", "hi")
        official = self.official = self.say(
            meals,
            self.meera,
            "Thank you. Eggs or fruit are part of the new norms; the draft is on our site.",
            as_institution=self.education,
        )
        writing.pin(official, self.meera, pinned=True)
        hidden = self.say(meals, self.ravi, "Buy your rice from my cousin, call him.")
        self.decided(hidden, Decision.What.HIDE, "spam", "This advertises something.")
        gone = self.say(meals, self.crowd[3], "I said something I regret.")
        self.say(meals, self.crowd[4], "No harm done.", parent=gone)
        writing.remove(gone, self.crowd[3])
        edited = self.edited = self.say(meals, self.crowd[5], "Soya chunks on Fridays.")
        Comment.objects.filter(pk=edited.pk).update(created_at=self.now - timedelta(hours=2))
        writing.edit(edited, self.crowd[5], "Soya chunks or paneer on Fridays.")
        for payload in HOSTILE:
            self.say(meals, self.crowd[6], f"{payload} tastes bad")
        self.say(meals, self.crowd[7], LONG)
        for n in range(24):
            self.say(
                meals,
                self.crowd[n % 8],
                f"School number {n + 1} of our cluster tastes every pot before it is served. It takes the headmistress {n + 2} minutes.",
            )
        for voter in [self.bilal, *self.crowd]:
            voting.vote(first.pk, voter.pk, 1)
        for voter in self.crowd:
            voting.vote(warm.pk, voter.pk, 1)
        voting.vote(answer.pk, self.asha.pk, 1)

    def sides(self) -> None:
        sides = self.discussion(
            "start-at-ten", "Should schools start at ten in winter?", "क्या सर्दियों में विद्यालय दस बजे शुरू हों?",
            conversation=Activity.Conversation.SIDES, closes_at=self.now + timedelta(hours=7),
        )  # fmt: skip
        self.say(sides, self.bilal, "Fog makes the road dangerous before nine.", stance=1)
        self.say(sides, self.crowd[0], "Then children come home in the dark.", stance=-1)

    def phases(self) -> None:
        self.discussion("empty", "Which games should every school have?", "हर विद्यालय में कौन-से खेल हों?")
        self.discussion("long-words", LONG[:120], LONG[:120])
        self.discussion(
            "members", "How should our group work?", "हमारा समूह कैसे काम करे?", group=self.group, members_only=True
        )
        soon = self.discussion(
            "soon", "Plans for the new school year", "नए सत्र की योजनाएँ", opens_at=self.now + timedelta(days=3)
        )
        Activity.objects.filter(pk=soon.pk).update(published_at=self.now)
        waiting = self.discussion("waiting", "Safe drinking water at school", "विद्यालय में सुरक्षित पेयजल")
        self.say(waiting, self.asha, "Test the water every month and write the result on the wall.")
        self.back(waiting, closes_at=self.now - timedelta(days=3))
        overdue = self.discussion("overdue", "Toilets for girls", "बालिकाओं के लिए शौचालय")
        self.say(overdue, self.crowd[0], "A door that locks. That is all.")
        self.back(overdue, closes_at=self.now - timedelta(days=30), promise_by=self.now - timedelta(days=5))
        withdrawn = self.withdrawn = self.discussion("withdrawn", "A single textbook for all", "सबके लिए एक पाठ्यपुस्तक")
        lifecycle.withdraw(withdrawn, self.arjun, "The states asked us to consult them first.")
        draft = self.draft = Discussion(institution=self.education, slug="draft", title=both("A draft", "एक मसौदा"), summary=both("Not yet.", "अभी नहीं।"), promise=both("Later.", "बाद में।"))  # fmt: skip
        lifecycle.write(draft, self.meera)
        lifecycle.submit_for_review(draft, self.meera)

    def answers(self) -> None:
        """A closed one with an outcome, and each contribution answered in another way."""
        bags = self.discussion("school-bags", "How heavy may a school bag be?", "बस्ता कितना भारी हो?")
        said = [
            self.say(bags, self.asha, text)
            for text in ("Lockers in every class.", "Weigh the bags once a month.", "Books in two volumes.", "Tablets instead of books.", "Less homework.")
        ]  # fmt: skip
        lines = [Contribution.objects.get(pk=comment.contribution_id) for comment in said]
        standings = Contribution.Standing
        ledger.dispose(
            lines[:1], by=self.meera, standing=standings.ADOPTED, words="From April every class gets a shelf."
        )
        ledger.dispose(
            lines[1:2], by=self.meera, standing=standings.UNDER_STUDY, due=(self.now + timedelta(days=40)).date()
        )
        ledger.dispose(
            lines[2:3], by=self.meera, standing=standings.ADOPTED_IN_PART, words="For mathematics and science."
        )
        ledger.dispose(
            lines[3:4],
            by=self.meera,
            standing=standings.NOT_ADOPTED,
            reason="cost",
            words="There is no money for it before 2028.",
        )
        ledger.dispose(lines[4:5], by=self.meera, standing=standings.REFERRED, referred_to=self.health)
        self.back(bags, closes_at=self.now - timedelta(days=20))
        outcome = Outcome(
            activity=bags, headline=both("A bag may weigh a tenth of the child", "बस्ता बच्चे के भार का दसवाँ भाग ही हो"),
            body=both("Adopted: **shelves** and thinner books.\n\nNot adopted: tablets.", "स्वीकार: **अलमारियाँ** और पतली पुस्तकें।"),
        )  # fmt: skip
        lifecycle.write_outcome(outcome, self.meera)
        lifecycle.publish_outcome(outcome, self.arjun)

    # -- what moderators do ----------------------------------------------------------------------
    def decided(
        self, target: Comment | Idea, what: str, reason: str = "", words: str = "", by: User | None = None
    ) -> Decision:
        """Reported by kiran, or by whom it says, and decided by the moderator."""
        case = reporting.report(target, by or self.kiran, reason or "off_topic").case
        return deciding.decide(case, self.mod, what, seen=case.turn, reason=reason, words=words)

    def release(self) -> None:
        """Everybody writes everything in one moment here, so the screening holds much: the moderator shows it."""
        for case in Case.objects.filter(closed_at=None, idea=None):
            if Decision.What.APPROVE in rules.options(self.mod, case):
                deciding.decide(case, self.mod, Decision.What.APPROVE, seen=case.turn)

    def desk(self) -> None:
        """What waits at the desk: reported, held, and an idea with its sponsors."""
        self.reported = self.say(self.meals, self.crowd[3], "Whoever wants eggs should move to another state!")
        for reporter, reason in ((self.bilal, "offence"), (self.asha, "off_topic")):
            self.case = reporting.report(self.reported, reporter, reason, "This helps nobody.").case
        self.held = self.say(
            self.meals, self.naya, "Cheap rice at https://example.org, https://example.net and https://example.com"
        )
        self.held_case = Case.objects.get(comment=self.held)
        taken = self.say(self.meals, self.crowd[4], "Cooks are all thieves.")
        self.taken_case = reporting.report(taken, self.asha, "offence").case
        learning.train_all()
        self.bulk = self.drawn_up([self.case.pk, self.held_case.pk])
        self.bulk_done = self.drawn_up([])
        BulkDecision.objects.filter(pk=self.bulk_done.pk).update(state="done", decided=2, skipped=1, total=3)
        until = self.now + timedelta(days=1)  # the walk through all pages takes longer than a moderator
        Case.objects.filter(pk=self.taken_case.pk).update(taken_by=self.admin, taken_until=until)

    def votes_of_one_hand(self) -> None:
        """Two groups of votes of one browser each: one that nobody has looked at, and one that is set aside."""
        popular = person("popular")  # who wrote much lately is held
        for number in (1, 2):
            said = self.say(self.meals, popular, f"Voted on by one hand, number {number}.")
            for n in range(8):
                voter = person(f"hand{number}-{n}", display_name=f"Hand {n}")
                assert voting.vote(said.pk, voter.pk, 1, trace=Trace(network=number, device=number))
        self.cluster, self.aside = sorted(finding.find(voting.KIND), key=lambda found: found.pk)
        words = "Eight votes in one browser. We ask these people."
        checking.decide(self.aside, self.mod, Cluster.State.ASIDE, seen=Cluster.State.PROPOSED, words=words)

    def drawn_up(self, chosen: list[int]) -> BulkDecision:
        made = BulkDecision.objects.create(by=self.mod, what="hide", reason="spam", total=len(chosen))
        BulkItem.objects.bulk_create(BulkItem(bulk=made, case_id=pk, seen=0) for pk in chosen)
        return made

    def judged(self) -> None:
        """What authors read about decisions against them, in each state of an appeal; and the public figures."""
        said = [self.say(self.meals, self.ravi, f"Buy my cooking pots, number {n}.") for n in range(4)]
        whys = [self.decided(comment, "hide", "spam", "An advertisement.", by=self.hindi) for comment in said]
        self.why, self.why_appealed, self.why_granted, self.why_refused = whys
        for why in whys[1:]:
            appeals.appeal(why, self.ravi, "I sell nothing. I give them away.")
        deciding.decide(self.why_granted.case, self.admin, "restore", seen=1)
        deciding.decide(self.why_refused.case, self.admin, "uphold", seen=1, words="A price stands in it.")
        self.appealed_case = self.why_appealed.case
        for n in range(12):
            sold = self.say(self.meals, self.crowd[n % 5], f"Pots {n}, cheap.")
            SecondReview.objects.get_or_create(decision=self.decided(sold, "hide", "spam", by=self.hindi))
        for review in second_reviews.waiting_for(self.admin)[:10]:
            second_reviews.give(review, self.admin, "show" if review.pk % 5 == 0 else "hide")
        transparency.fold()

    # -- the open forum ------------------------------------------------------------------------
    def forum(self) -> None:
        """Ideas on every rung and in every state that has words of its own."""
        forum = self.discussion(
            "forum-2026", "The open forum", "खुला मंच", is_forum=True, conversation="none", closes_at=None,
            sponsors_needed=3, acknowledge_at=5, answer_at=8, hearing_at=50,
        )  # fmt: skip
        self.opened = self.idea(
            forum, self.bilal, "A library bus for hill villages", "Send a bus with books twice a month.", 6
        )
        self.answered = self.idea(
            forum, self.asha, "Repair cafés in every block", "Let people learn to mend what they own.", 8
        )
        for idea in (self.opened, self.answered):
            idea_steps.open_up(idea, self.mod)
        idea_author.tell_supporters(self.opened, self.bilal, "The bus company has agreed to meet us.")
        response = IdeaResponse.objects.create(
            idea=self.answered,
            summary="Twenty blocks try it from June",
            details="We begin in two states.\n\nA report follows.",
            author=self.meera,
        )
        ResponsePoint.objects.create(response=response, point="Tools", answer="Each block gets a set.")
        idea_answers.publish_response(response, self.arjun)
        self.pending = self.idea(forum, self.bilal, "Street lamps near bus stops", "Light the last hundred metres.", 1)
        self.sponsored = self.idea(
            forum, self.bilal, "Shade trees along school roads", "Plant neem every ten metres.", 4
        )
        self.rejected = self.idea(forum, self.bilal, "Free tickets for my cousin", "He sings well.", 0)
        idea_steps.reject(self.rejected, self.mod, "off_topic", "This is nobody's public task.")
        self.retired = self.idea(
            forum, self.crowd[0], "Rain gauges at schools", "Children measure and publish the rain.", 0
        )
        idea_author.retire(self.retired, self.crowd[0], Idea.Retired.STARTED, "The state has begun it.", self.opened)
        self.hidden_idea = self.idea(forum, self.ravi, "Win a free telephone", "Call now.", 0)
        self.decided(self.hidden_idea, Decision.What.HIDE, "spam", "This advertises something.")
        self.say(forum, self.crowd[1], "Our bus comes on Mondays.", anchor=f"idea-{self.opened.pk}")

    def idea(self, forum: Discussion, by: User, title: str, ask: str, supporters: int) -> Idea:
        idea = ideas.bring(
            forum, by, title=title, ask=ask, detail="It has worked in our block for a year.", sector=self.sectors[0]
        )
        for supporter in [user for user in [*self.crowd, self.naya] if user.pk != by.pk][:supporters]:
            ideas.support(idea.pk, supporter.pk, wanted=True)
        ideas.fold()
        return Idea.objects.select_related("activity").get(pk=idea.pk)
