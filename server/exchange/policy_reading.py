"""Reads a policy's YAML file: all its faults at once, each with its line, its path and what to write instead.

What cannot be read is filled in from the nearest word, else from the standard policy, so that the rest is judged in the
same round; what the law says of filled-in parts is left unsaid.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from server.domain.cascade import Level
from server.domain.money import decimal
from server.domain.people import VOTING, Role
from server.domain.policy import DEFAULT, USUAL, Criterion, Cycle, Validation
from server.domain.policy_faults import PolicyFault, faults
from server.domain.policy_form import Plain, plain, policy_of
from server.domain.refusals import RefusalCode, Refused
from server.domain.stages import STAGES
from server.domain.values import ValueKind
from server.domain.wording import Path
from server.exchange.loading import closest, nearest
from server.exchange.yaml_tree import Document, Fault, Tree, read_yaml

_WHOLE = re.compile(r"-?\d{1,9}")
Read = Callable[[Tree, Path], Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: the policy where its words are all known, what is no policy at all, and what the law says to it.

    A policy with `unsound` parts can be kept as a draft; it cannot be proposed.
    """

    document: Plain | None
    unread: tuple[Fault, ...]
    unsound: tuple[Fault, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults, in the order of their lines."""
        return tuple(sorted((*self.unread, *self.unsound), key=lambda fault: fault.line))


def read_policy(text: str) -> Reading:
    """Read a policy from YAML. Raises `Refused` (INVALID) for what is no YAML at all."""
    document = read_yaml(text, "policy")
    reader = _Reader(document, list(document.faults))
    found = reader.policy(document.tree)
    unsound = [reader.placed(fault) for fault in faults(policy_of(found, 0, locked=False))]
    law = tuple(fault for fault in unsound if not any(_touch(fault.path, one.path) for one in reader.faults))
    return Reading(None if reader.faults else found, tuple(reader.faults), law)


def document_of(text: str, name: str = "yaml") -> Plain:
    """The document of a policy's YAML, sound or not.

    Raises `Refused` (INVALID) with every fault, those of the law included, where some of it cannot be read.
    """
    reading = read_policy(text)
    if reading.document is not None:
        return reading.document
    told = [str(fault) for fault in reading.faults]
    many = f"The policy has {len(told)} faults; nothing was changed." if len(told) > 1 else told[0]
    raise Refused(RefusalCode.INVALID, many, [name], told)


def lines_of(text: str, found: Iterable[PolicyFault]) -> list[Fault]:
    """Where faults of a policy stand in the YAML that was written of it."""
    document = read_yaml(text, "policy")
    return [Fault(document.line(fault.path), fault.path, fault.sentence) for fault in found]


def _touch(one: Path, other: Path) -> bool:
    """Whether one path leads to, or through, the other."""
    return one[: len(other)] == other or other[: len(one)] == one


@dataclass(slots=True)
class _Reader:
    """Reads part by part, and notes where the items of lists stood in the file."""

    document: Document
    faults: list[Fault]
    places: dict[Path, Path] = field(default_factory=dict)

    def placed(self, fault: PolicyFault) -> Fault:
        """A fault of the law where it stands in the file."""
        path, length = fault.path, 4  # gates, IDENTIFIED, criteria, 0
        path = self.places.get(path[:length], path[:length]) + path[length:]
        return Fault(self.document.line(path), path, fault.sentence)

    def fault(self, path: Path, sentence: str) -> None:
        self.faults.append(Fault(self.document.line(path), path, sentence))

    def policy(self, tree: Tree) -> Plain:
        parts: dict[str, Read] = {
            "name": self.text,
            "currency": self.text_or_none,
            "gates": lambda tree, path: self.each(tree, path, {into.value: self.gate for into in STAGES[1:]}),
            "stageWeights": lambda tree, path: self.each(tree, path, {stage.value: self.whole for stage in STAGES}),
            "headlineKinds": lambda tree, path: self.items(tree, path, lambda one, at: self.word(one, at, ValueKind)),
            "sustainMonths": self.whole,
            "lights": lambda tree, path: self.each(
                tree,
                path,
                {
                    "greenFrom": self.number,
                    "amberFrom": self.number,
                    "amberAfterDays": self.whole,
                    "redAfterDays": self.whole,
                },
            ),
            "cadence": lambda tree, path: self.each(
                tree,
                path,
                {
                    "cycle": lambda one, at: self.word(one, at, Cycle),
                    "dueDays": self.whole,
                    "remindAfterDays": self.whole,
                    "stalledAfterDays": self.whole,
                },
            ),
            "levelNames": lambda tree, path: self.each(tree, path, {level.value: self.text for level in Level}),
            "stageNames": lambda tree, path: self.each(tree, path, {stage.value: self.text for stage in STAGES}),
        }
        whole: Plain = _filled(self.each(tree, (), parts, may_lack={"currency"}), _STANDARD)
        return whole

    def gate(self, tree: Tree, path: Path) -> Plain:
        parts: dict[str, Read] = {
            "criteria": lambda tree, path: self.items(tree, path, self.criterion),
            "votes": lambda tree, path: self.items(tree, path, self.vote),
            "financialValidation": lambda one, at: self.word(one, at, Validation),
        }
        return self.each(tree, path, parts)

    def criterion(self, tree: Tree, path: Path) -> Plain | None:
        """A word alone, or a word with its number: `OUTCOME_MILESTONE: 2`."""
        if isinstance(tree, dict) and len(tree) != 1:
            self.fault(path, "One criterion stands here at a time: write a word, or a word and its number.")
            return None
        written, number = next(iter(tree.items())) if isinstance(tree, dict) else (tree, None)
        at_least = self.whole(number, (*path, str(written))) if isinstance(tree, dict) else None
        word = self.word(written, path, Criterion)
        if word is None:
            return None
        return {"criterion": word, "atLeast": USUAL[Criterion(word)] if at_least is None else at_least}

    def vote(self, tree: Tree, path: Path) -> Plain | None:
        """A role alone, or a role, how many of its people, and above which amount."""
        if not isinstance(tree, dict):
            tree = {"role": tree}
        parts: dict[str, Read] = {
            "role": self.role,
            "needed": self.whole,
            "above": lambda one, at: None if one is None else self.number(one, at),
        }
        found = self.each(tree, path, parts, may_lack={"needed", "above"})
        if found.get("role") is None:
            return None
        return {
            "role": found["role"],
            "needed": 1 if found.get("needed") is None else found["needed"],
            "above": found.get("above"),
        }

    def role(self, tree: Tree, path: Path) -> str | None:
        """Any role there is: the law says which of them vote."""
        return tree if isinstance(tree, str) and tree in set(Role) else self.word(tree, path, sorted(VOTING))

    def each(self, tree: Tree, path: Path, parts: dict[str, Read], may_lack: Iterable[str] = ()) -> Plain:
        """Keys and values; what is unknown, missing or no such thing is a fault."""
        if not isinstance(tree, dict):
            keys = ", ".join(parts)
            self.fault(path, f"Keys and values are needed here: write {keys}, each with its value.")
            return {}
        written: dict[str, str] = {key: key for key in tree if key in parts}  # as it should be → as it is written
        for key in tree:
            if key not in parts:
                self.fault((*path, key), f"“{key[:60]}” is no key here{nearest(key, list(parts))}")
                written.setdefault(closest(key, list(parts)) or "", key)
        for key in parts:
            if key not in written and key not in may_lack:
                self.fault(path, f"{key} is missing here: write it, with its value.")
        return {key: read(tree[written[key]], (*path, written[key])) for key, read in parts.items() if key in written}

    def items(self, tree: Tree, path: Path, read: Read) -> list[Any]:
        """A list; an item that cannot be read is left out, and the others remember where they stood."""
        if tree is None:
            return []
        if not isinstance(tree, list):
            self.fault(path, "A list is needed here: write each item on a line of its own, after a dash.")
            return []
        found: list[Any] = []
        for number, one in enumerate(tree):
            item = read(one, (*path, number))
            if item is not None:
                self.places[(*path, len(found))] = (*path, number)
                found.append(item)
        return found

    def word(self, tree: Tree, path: Path, words: Iterable[StrEnum]) -> str | None:
        """One of the words; in place of another the nearest, if there is one."""
        names = [word.value for word in words]
        if isinstance(tree, str) and tree in names:
            return tree
        if not isinstance(tree, str):
            self.fault(path, f"One word is needed here: write one of {', '.join(names)}.")
            return None
        self.fault(path, f"“{tree[:60]}” is not known here{nearest(tree, names)}")
        return closest(tree, names)

    def whole(self, tree: Tree, path: Path) -> int | None:
        if isinstance(tree, str) and _WHOLE.fullmatch(tree.strip()):
            return int(tree)
        self.fault(path, f"A whole number is needed here, not {_shown(tree)}: write it in digits, such as 3.")
        return None

    def number(self, tree: Tree, path: Path) -> str | None:
        try:
            return format(decimal(tree if isinstance(tree, str) else ""), "f")
        except ValueError:
            self.fault(path, f"A number is needed here, not {_shown(tree)}: write digits only, such as 1000000 or 0.9.")
            return None

    def text(self, tree: Tree, path: Path) -> str | None:
        if isinstance(tree, str):
            return tree
        if tree is None:
            return ""
        self.fault(path, f"A text is needed here, not {_shown(tree)}.")
        return None

    def text_or_none(self, tree: Tree, path: Path) -> str | None:
        return None if tree is None else self.text(tree, path)


_STANDARD = plain(DEFAULT)


def _shown(tree: Tree) -> str:
    if tree is None:
        return "nothing"
    return "keys and values" if isinstance(tree, dict) else "a list" if isinstance(tree, list) else f"“{tree[:60]}”"


def _filled(found: Any, standard: Any, key: str = "") -> Any:
    """What was read, with the standard policy's parts where something could not be."""
    if isinstance(standard, dict):
        read = found if isinstance(found, dict) else {}
        return {name: _filled(read.get(name), value, name) for name, value in standard.items()}
    return standard if found is None and key != "currency" else found
