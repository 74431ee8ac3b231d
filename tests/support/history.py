"""What clients sent, were told and saw while things broke, and what must be true of it afterwards.

The checker knows only this record and the ledger as it stands in the end. It is pure, so that a doctored history can
show that it is able to find fault.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of the ledger: the revision, and the name that a write of the storm gave."""

    revision: int
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """A client learned a revision: of its own write by an acknowledgement, or the newest one by a query."""

    client: str
    revision: int
    key: str = ""
    """The idempotency key of what was acknowledged; empty where a query was answered."""


@dataclass
class History:
    """The record of one storm. Every write gives a name of its own, so that a name tells of its write.

    Attributes:
        begin: The newest revision before it.
        original: The name of the watched node before it.
        sent: Idempotency key → the name that its write gives.
        renames: The names among them that are given to the watched node.
        told: What clients were told, in the order in which they were.
        followed: Follower → the revisions that it saw, over all its connections.
        watched: Watcher → (revision, name of the watched node) as it saw them.
        lost: How often a connection was lost, by client.
        ledger: What stands in the end, after `begin`.
        fault: The revision at which the ledger's chain is not whole; None where it is.
    """

    begin: int
    original: str
    sent: dict[str, str] = field(default_factory=dict)
    renames: set[str] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)
    followed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    watched: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    lost: Counter[str] = field(default_factory=Counter)
    ledger: list[Entry] = field(default_factory=list)
    fault: int | None = None

    @property
    def newest(self) -> int:
        """The last revision in the end."""
        return self.ledger[-1].revision if self.ledger else self.begin


def faults(history: History) -> list[str]:
    """Every promise that a history breaks, as sentences; none where all were kept."""
    checks = (_chain, _effects, _answers, _readers, _followers, _watchers)
    return [fault for check in checks for fault in check(history)]


def _chain(history: History) -> Iterator[str]:
    """The ledger is gapless and sound."""
    if history.fault is not None:
        yield f"The ledger's chain is broken at {history.fault}."
    before = [history.begin, *(entry.revision for entry in history.ledger)]
    yield from (f"The ledger goes from {one} to {other}." for one, other in pairwise(before) if other != one + 1)


def _effects(history: History) -> Iterator[str]:
    """Nothing is there twice, or that nobody sent."""
    for name, times in Counter(entry.name for entry in history.ledger).items():
        if times > 1:
            yield f"“{name}” was written {times} times."
        if name not in history.sent.values():
            yield f"“{name}” was written, and nobody sent it."


def _answers(history: History) -> Iterator[str]:
    """Nothing acknowledged is lost, and one key has one answer."""
    stands = {entry.revision: entry.name for entry in history.ledger}
    answers: dict[str, set[int]] = defaultdict(set)
    for told in history.told:
        if told.key:
            answers[told.key].add(told.revision)
            if stands.get(told.revision) != history.sent[told.key]:
                yield f"“{history.sent[told.key]}” was acknowledged as {told.revision}, and does not stand there."
    yield from (f"{key} was answered {sorted(all_)}." for key, all_ in answers.items() if len(all_) > 1)
    yield from (f"{key} was never answered." for key in history.sent if key not in answers)


def _readers(history: History) -> Iterator[str]:
    """Who was told a revision never reads an older one afterwards, at whichever worker."""
    newest: dict[str, int] = {}
    for told in history.told:
        before = newest.get(told.client, 0)
        if not told.key and told.revision < before:
            yield f"{told.client} read {told.revision} after it had been told {before}."
        newest[told.client] = max(before, told.revision)


def _followers(history: History) -> Iterator[str]:
    """Every follower saw every revision, once and in order."""
    every = list(range(history.begin + 1, history.newest + 1))
    for follower, seen in history.followed.items():
        if seen == every:
            continue
        missed = sorted(set(every) - set(seen))
        twice = sorted(revision for revision, times in Counter(seen).items() if times > 1)
        backward = [other for one, other in pairwise(seen) if other < one]
        yield f"{follower} missed {missed}, saw {twice} twice and {backward} out of order."


def _watchers(history: History) -> Iterator[str]:
    """A watcher may skip states. It sees none older than its stamp or than one before, and the last one in the end."""
    given = {history.original: history.begin}
    given |= {entry.name: entry.revision for entry in history.ledger if entry.name in history.renames}
    for watcher, seen in history.watched.items():
        yield from (f"{watcher} was shown “{name}”, which nobody gave." for _, name in seen if name not in given)
        known = [(revision, name) for revision, name in seen if name in given]
        for (one, older), (other, newer) in pairwise(known):
            if other < one or given[newer] < given[older]:
                yield f"{watcher} was shown “{newer}” at {other} after “{older}” at {one}."
        for revision, name in known:
            stood = max(each for each in given.values() if each <= revision)
            if given[name] < stood:
                yield f"{watcher} was shown “{name}” at {revision}, which had another name since {stood}."
        last = max(given, key=given.__getitem__)
        if not seen or seen[-1][1] != last:
            yield f"{watcher} was not shown “{last}” in the end."
