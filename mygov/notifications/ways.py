"""By which ways each of a batch of people hears of something, besides in the portal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Count, Exists, OuterRef

from commons.core import clock
from commons.core.moments import INDIA
from commons.people.models import User
from mygov.notifications import channels, preferences, unreachable
from mygov.notifications.channels import Channel
from mygov.notifications.event_groups import GROUP_OF, Frequency
from mygov.notifications.models import Delivery, Notification

if TYPE_CHECKING:
    from collections.abc import Collection

Wanted = set[tuple[int, str]]  # person, key


class Ways:
    """What a batch of people chose, can be reached by, and got today: five queries, however many people."""

    def __init__(self, people: Collection[int]) -> None:
        active = User.objects.filter(pk__in=people, is_active=True)
        proved = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        by_mail = unreachable.reachable(active.filter(Exists(proved)), Channel.MAIL)
        self.by_mail = preferences.choices(by_mail.values_list("pk", flat=True))
        self.by_sms = preferences.sms_choices(people)
        proved_numbers = active.filter(pk__in=self.by_sms, phone_verified_at__isnull=False).exclude(phone=None)
        self.language = dict(unreachable.reachable(proved_numbers, Channel.SMS).values_list("pk", "language"))
        self.got = got_today(people)

    def mail_for(self, told: Notification) -> Frequency:
        """How soon a mail tells this; over the day's most, with the daily one."""
        if told.person_id not in self.by_mail:
            return Frequency.NEVER
        frequency = self.by_mail[told.person_id][GROUP_OF[told.event]]
        if frequency == Frequency.NOW and not self.one_more(told.person_id, Channel.MAIL):
            return Frequency.DAILY
        return frequency

    def sms_for(self, told: Notification) -> str:
        """The DLT template of the SMS that tells this. "" for none."""
        group = GROUP_OF[told.event]
        if told.person_id not in self.language or group not in self.by_sms[told.person_id]:
            return ""
        template = channels.template_id(channels.text_of(told.event), self.language[told.person_id])
        return template if template and self.one_more(told.person_id, Channel.SMS) else ""

    def one_more(self, person: int, channel: Channel) -> bool:
        self.got[person, channel] += 1
        return self.got[person, channel] <= channels.MOST_A_DAY[channel]


def got_today(people: Collection[int]) -> Counter[tuple[int, str]]:
    """How much each person got, or is to get, by each channel since midnight in India."""
    midnight = clock.now().astimezone(INDIA).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Delivery.objects.filter(notification__person__in=people, notification__created_at__gte=midnight)
    counted = today.values_list("notification__person", "channel").annotate(Count("pk")).order_by()
    return Counter({(person, channel): count for person, channel, count in counted})


def write(rows: list[Notification]) -> None:
    """Keeps notifications and what has to go out for them. Those that are there already stay as they are."""
    ways = Ways({row.person_id for row in rows})
    mails: Wanted = set()
    texts: dict[tuple[int, str], str] = {}
    for row in rows:
        frequency = ways.mail_for(row)
        if frequency.is_digest:
            row.digest_period = frequency
        elif frequency == Frequency.NOW:
            mails.add((row.person_id, row.key))
        if template := ways.sms_for(row):
            texts[row.person_id, row.key] = template
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    if mails or texts:
        known = Notification.objects.filter(
            key__in={row.key for row in rows}, person__in={row.person_id for row in rows}
        ).only("person_id", "key", "digest_period", "digest_id")
        Delivery.objects.bulk_create(deliveries(known, mails, texts), ignore_conflicts=True)


def deliveries(known: Collection[Notification], mails: Wanted, texts: dict[tuple[int, str], str]) -> list[Delivery]:
    """What a digest tells or has told does not come by a mail of its own as well."""
    made = []
    for row in known:
        name = (row.person_id, row.key)
        if name in mails and not row.digest_period and row.digest_id is None:
            made.append(Delivery(notification=row, channel=Channel.MAIL))
        if name in texts:
            made.append(
                Delivery(notification=row, channel=Channel.SMS, header=settings.SMS_HEADER, template=texts[name])
            )
    return made
