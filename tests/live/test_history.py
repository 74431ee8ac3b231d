"""The judge of the storms finds every kind of fault: a sound history, doctored in one place each time."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.support.history import Entry, History, Told, faults

SOUND = History(
    begin=10,
    original="as before",
    sent={"k1": "one", "k2": "two", "k3": "three"},
    renames={"two", "three"},
    told=[
        Told("anna", 11, "k1"),
        Told("anna", 11),
        Told("bert", 12, "k2"),
        Told("bert", 13, "k3"),
        Told("bert", 13, "k3"),
    ],
    ledger=[Entry(11, "one"), Entry(12, "two"), Entry(13, "three")],
)
SOUND.followed["eve"] = [11, 12, 13]
SOUND.watched["emil"] = [(11, "as before"), (13, "three")]


def test_a_sound_history_has_no_fault() -> None:
    assert faults(SOUND) == []


def _gap(history: History) -> None:
    history.ledger = [Entry(11, "one"), Entry(12, "two"), Entry(14, "three")]
    history.told, history.followed["eve"], history.watched["emil"] = [], [11, 12, 13, 14], [(14, "three")]


DOCTORED: dict[str, tuple[Callable[[History], object], str]] = {
    "a broken chain": (lambda history: setattr(history, "fault", 12), "The ledger's chain is broken at 12."),
    "a gap": (_gap, "The ledger goes from 12 to 14."),
    "an acknowledged write that is lost": (
        lambda history: history.ledger.pop(),
        "“three” was acknowledged as 13, and does not stand there.",
    ),
    "an acknowledged write that stands elsewhere": (
        lambda history: history.told.append(Told("anna", 12, "k1")),
        "“one” was acknowledged as 12, and does not stand there.",
    ),
    "a write that happened twice": (
        lambda history: history.ledger.append(Entry(14, "one")),
        "“one” was written 2 times.",
    ),
    "a write that nobody sent": (
        lambda history: history.ledger.append(Entry(14, "ghost")),
        "“ghost” was written, and nobody sent it.",
    ),
    "a key with two answers": (
        lambda history: history.told.append(Told("bert", 12, "k3")),
        "k3 was answered [12, 13].",
    ),
    "a write that was given up": (lambda history: history.sent.update(k4="four"), "k4 was never answered."),
    "a reader behind its own write": (
        lambda history: history.told.append(Told("bert", 12)),
        "bert read 12 after it had been told 13.",
    ),
    "a follower that missed one": (
        lambda history: history.followed["eve"].remove(12),
        "eve missed [12], saw [] twice and [] out of order.",
    ),
    "a follower that saw one twice": (
        lambda history: history.followed["eve"].insert(1, 11),
        "eve missed [], saw [11] twice and [] out of order.",
    ),
    "a follower out of order": (
        lambda history: history.followed["eve"].reverse(),
        "eve missed [], saw [] twice and [12, 11] out of order.",
    ),
    "a follower that heard nothing": (
        lambda history: history.followed["eve"].clear(),
        "eve missed [11, 12, 13], saw [] twice and [] out of order.",
    ),
    "a watcher that was shown an older revision": (
        lambda history: history.watched["emil"].append((12, "two")),
        "emil was shown “two” at 12 after “three” at 13.",
    ),
    "a watcher that was shown an older state": (
        lambda history: history.watched["emil"].append((13, "two")),
        "emil was shown “two” at 13, which had another name since 13.",
    ),
    "a watcher that was shown what never was": (
        lambda history: history.watched["emil"].insert(1, (12, "ghost")),
        "emil was shown “ghost”, which nobody gave.",
    ),
    "a watcher that was not shown the end": (
        lambda history: history.watched["emil"].pop(),
        "emil was not shown “three” in the end.",
    ),
}


@pytest.mark.parametrize("how", DOCTORED)
def test_a_doctored_history_is_found_out(how: str) -> None:
    history, (doctor, sentence) = deepcopy(SOUND), DOCTORED[how]
    doctor(history)
    assert sentence in faults(history)
