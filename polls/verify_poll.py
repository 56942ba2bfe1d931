#!/usr/bin/env python3
"""Counts a poll again from the list its portal published. Needs Python 3.8 or newer, and nothing else.

    python3 verify_poll.py ballots.json
    python3 verify_poll.py ballots.json --list-head 3f2a… --chain-head 9b1c…     as the results page says them
    python3 verify_poll.py ballots.json --receipt ABCD-EFGH-JKMN-PQRS --secret 0123…   finds your own ballot

Prints the tally and ends with 0; or names the first row that is wrong and ends with 1. How it works, and what it
cannot prove, stands at the end of this file.
"""

import argparse
import hashlib
import json
import sys
from fractions import Fraction

ALL_COUNT, SOME_LEFT_OUT = "mygov-ballots-1", "mygov-ballots-2"
VERSION, FIRST = "mygov-ballot-1", "0" * 64
ONE = ("single", "pictures", "yes_no")


class Wrong(Exception):
    pass


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def main():
    parser = argparse.ArgumentParser(description="Counts a poll again from its published ballots.")
    parser.add_argument("file", help="ballots.json, as downloaded from the poll's results page")
    parser.add_argument("--list-head", help="the list's fingerprint, as you noted it")
    parser.add_argument("--chain-head", help="the chain's fingerprint, as you noted it")
    parser.add_argument("--receipt", help="your receipt")
    parser.add_argument("--secret", help="your secret code: is your ballot in the chain?")
    asked = parser.parse_args()
    try:
        with open(asked.file, encoding="utf-8") as file:
            poll = json.load(file)
        for line in verify(poll, asked):
            print(line)
    except Wrong as wrong:
        print("WRONG: %s" % wrong)
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print("WRONG: this is not a list of ballots that can be read (%s: %s)" % (type(error).__name__, error))
        return 1
    return 0


def verify(poll, asked):
    if poll["format"] not in (ALL_COUNT, SOME_LEFT_OUT):
        raise Wrong("the format is %r, not %r or %r" % (poll["format"], ALL_COUNT, SOME_LEFT_OUT))
    check_list(poll, asked.list_head)
    check_chain(poll, asked.chain_head)
    everybody = [row for row in poll["ballots"] if not row["guest"]]
    people = [row for row in everybody if not left_out(poll, row)]
    guests = [row for row in poll["ballots"] if row["guest"]]
    counted = {"people": count(poll, people), "guests": count(poll, guests)}
    if poll["format"] == SOME_LEFT_OUT:
        counted["people_with_left_out"] = count(poll, everybody)
    if counted != poll["result"]:
        raise Wrong("the published result is not what the ballots give: %s" % json.dumps(counted, sort_keys=True))
    yield "%s: %d ballots of people, %d of guests" % (poll["poll"], len(people), len(guests))
    for line in tally(poll, counted["people"]):
        yield line
    if poll["format"] == SOME_LEFT_OUT:
        yield "%d ballots of people were left out after a check; with them it would be:" % (
            len(everybody) - len(people)
        )
        for line in tally(poll, counted["people_with_left_out"]):
            yield line
    yield "list head   %s" % poll["list_head"]
    yield "chain head  %s" % poll["chain_head"]
    if asked.receipt:
        yield find(poll, asked.receipt.strip().upper(), asked.secret)
    yield "OK"


def left_out(poll, row):
    return poll["format"] == SOME_LEFT_OUT and row["left_out"]


def tally(poll, counted):
    names = {str(option["number"]): option["label"] for option in poll["options"]}
    for number, result in sorted(counted["options"].items(), key=lambda pair: (-Fraction(pair[1]), int(pair[0]))):
        yield "  %s  %s" % (result, name(names[number]))
    if poll["allows_none"]:
        yield "  %d  none of these" % counted["none"]


def name(label):
    return " / ".join(label[code] for code in sorted(label) if label[code])


def check_list(poll, noted):
    """Every row: in order, once, a possible choice, and covered by the head that covers all rows before."""
    head, last = sha256("%s\n%s" % (poll["format"], poll["poll"])), ""
    for place, row in enumerate(poll["ballots"], start=1):
        where = "ballot %d (%s)" % (place, row["receipt"])
        if row["receipt"] <= last:
            raise Wrong("%s: receipts are not in order, or one stands twice" % where)
        last = row["receipt"]
        whose = "left out" if left_out(poll, row) else "guest" if row["guest"] else "person"
        head = sha256("\n".join([head, row["receipt"], row["choice"], whose]))
        if row["head"] != head:
            raise Wrong("%s: its fingerprint does not fit; it was changed, or one before it was taken out" % where)
        check_choice(poll, read(row["choice"]), where)
    if poll["list_head"] != head or (noted and noted.strip().lower() != head):
        raise Wrong("the list as a whole has the fingerprint %s, which is not the published one" % head)


def check_chain(poll, noted):
    """Commitments as they were cast. Each new ballot has one link that is no change."""
    head = FIRST
    for place, link in enumerate(poll["chain"], start=1):
        head = sha256(head + link["commitment"])
        if link["head"] != head:
            raise Wrong("link %d: the chain is broken here" % place)
    if poll["chain_head"] != head or (noted and noted.strip().lower() != head):
        raise Wrong("the chain ends with %s, which is not the published head" % head)
    first = sum(not link["change"] for link in poll["chain"])
    if first != len(poll["ballots"]):
        raise Wrong("the chain has %d ballots, the list has %d" % (first, len(poll["ballots"])))


def read(choice):
    pairs = [part.split(":") for part in choice.split(",") if part]
    return {int(number): int(value) for number, value in pairs}


def check_choice(poll, values, where):
    method, costs = poll["method"], {option["number"]: option["cost"] or 0 for option in poll["options"]}
    given = list(values.values())
    if not values:
        possible = poll["allows_none"]
    elif not set(values) <= set(costs):
        possible = False
    elif method in ONE:
        possible = given == [1]
    elif method == "multiple":
        possible = set(given) == {1} and len(given) <= poll["most"]
    elif method == "budget":
        possible = set(given) == {1} and sum(costs[number] for number in values) <= poll["budget"]
    elif method == "ranked":
        possible = sorted(given) == list(range(1, len(given) + 1))
    elif method == "score":
        possible = all(0 <= value <= 5 for value in given)
    else:
        possible = min(given) >= 1 and sum(given) <= poll["most"]
    if not possible:
        raise Wrong("%s: its choice is not possible in this poll" % where)


def count(poll, rows):
    """What each option has, as an exact number: "123" or "17/4"."""
    options = len(poll["options"])
    total = {option["number"]: Fraction(0) for option in poll["options"]}
    naming = dict.fromkeys(total, 0)
    none = 0
    for row in rows:
        values = read(row["choice"])
        none += not values
        for number, value in values.items():
            naming[number] += 1
            if poll["method"] == "ranked":
                total[number] += Fraction(60, value) if poll["ranking"] == "dowdall" else options + 1 - value
            else:
                total[number] += value
    if poll["method"] == "score":
        total = {number: total[number] / naming[number] if naming[number] else Fraction(0) for number in total}
    return {"ballots": len(rows), "none": none, "options": {str(number): str(total[number]) for number in total}}


def find(poll, receipt, secret):
    for row in poll["ballots"]:
        if row["receipt"] == receipt:
            yours = "your ballot: %s" % (row["choice"] or "none of these")
            yours += " (left out of the count after a check)" if left_out(poll, row) else ""
            if secret is None:
                return yours
            link = sha256("\n".join([VERSION, poll["poll"], receipt, row["choice"], secret.strip().lower()]))
            for place, other in enumerate(poll["chain"], start=1):
                if other["commitment"] == link:
                    return "%s, link %d of the chain" % (yours, place)
            raise Wrong("your ballot is in the list as %r, but not in the chain with this secret" % row["choice"])
    raise Wrong("the receipt %s is not in the list" % receipt)


# How it works. When a ballot is cast, the portal draws a secret, gives it to the voter, and puts the SHA-256 of version,
# poll, receipt, choice and secret into a chain in which each head covers everything before. After the close it publishes
# the chain as it grew, and the ballots that count, by receipt. Without the secret nobody can tell which link belongs to
# which receipt; so the order of the chain says nothing about whose ballot was cast when.
#
# What it proves: the tally follows from the list; the list and the chain are the ones whose heads were published; as many
# ballots are in the list as were cast; and, for each voter who looks, that the own ballot is in both as it was cast.
# Ballots that moderators left out, because they look as if few people had cast them as many, stand in the list as they were
# cast, marked, and the result is counted with them and without. A head covers the mark too.
# What it cannot prove: that leaving them out was right, that each ballot is a real person's, that somebody voted freely, or that ballots nobody looked for
# were left as they were. It finds a change the sooner the more voters look.

if __name__ == "__main__":
    sys.exit(main())
