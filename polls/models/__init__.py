"""Polls, the ballots cast in them, and the counts and the chain that follow from the ballots."""

from polls.models.ballot import Ballot, Cast, Waiting
from polls.models.count import Count, Link
from polls.models.poll import Option, Picture, Poll

__all__ = ["Ballot", "Cast", "Count", "Link", "Option", "Picture", "Poll", "Waiting"]
