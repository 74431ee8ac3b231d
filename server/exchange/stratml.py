"""Reading StratML, Part 1 and Part 2 (ISO 17469-1 and -2), tolerantly: what is mended is listed, place by place."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import count

from server.domain.indicators import Direction
from server.domain.money import decimal
from server.domain.refusals import RefusalCode, Refused
from server.domain.texts import LONGEST, unseen
from server.exchange.strategy import Result, StrategyExtract, WantedIndicator, WantedObjective
from server.exchange.stratml_tree import Element, read_xml
from server.exchange.tables import RowFault

SYSTEM = "stratml"
OWN = ".own"
"""Ends the identifier of an Objective that stands for its Goal, and of a Goal that stands for the plan itself.

StratML knows indicators of Objectives only; these hold the others.
"""
DIRECTION = "Direction"
"""The descriptor by which our own export tells an indicator's direction, for which StratML has no element."""
OURS = "urn:stageline:"
"""Begins the source of what we exported, and the plan's identifier follows: its texts come back as they were."""
_ROOTS = {"StrategicPlan": 1, "PerformancePlanOrReport": 2}
_LONGEST_ID = 150
_PLACEHOLDER = re.compile(r"(\[.*\]|_*PLACEHOLDER_*\d*|tbd|n/?a|none|-+|)", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_ARTEFACT = 15  # digits from which a number may have come out of a binary float


def read_strategy(files: dict[str, bytes], _mapping: str, progress: Callable[[int, int], None]) -> StrategyExtract:
    """Read StratML files (name → bytes); `progress` hears how many of them were read.

    Raises `Refused` (INVALID) with every file that is none: no well-formed XML, beyond the limits, or another root.
    """
    extract, unreadable = StrategyExtract(SYSTEM), list[str]()
    for number, name in enumerate(sorted(files), 1):
        try:
            extract.plans.append(_Reading(name, _root(name, files[name]), extract).plan())
        except Refused as refused:
            unreadable.append(refused.message)
        progress(number, len(files))
    if unreadable:
        told = unreadable[0] if len(unreadable) == 1 else f"{len(unreadable)} files cannot be used; nothing was read."
        raise Refused(RefusalCode.INVALID, told, ["files"], unreadable)
    return extract


def _root(file: str, data: bytes) -> Element:
    root = read_xml(file, data)
    if root.name in _ROOTS and root.first("StrategicPlanCore") is not None:
        return root
    message = f"{file} line {root.line}: <{root.name}> is no StratML plan. That begins with <StrategicPlan> or"
    raise Refused(RefusalCode.INVALID, f"{message} <PerformancePlanOrReport>, and holds a <StrategicPlanCore>.")


class _Reading:
    """One file."""

    def __init__(self, file: str, root: Element, extract: StrategyExtract) -> None:
        self.file, self.root, self.extract = file, root, extract
        source = root.said("AdministrativeInformation", "Source")
        self.ours = source.removeprefix(OURS) if source.startswith(OURS) else None
        self._known: set[str] = set()

    def plan(self) -> WantedObjective:
        """The plan with its goals."""
        root, place = self.root, self.root.name
        if not root.namespace:
            self._mended(root, place, None, "Without a namespace; read as if it had that of StratML.")
        core = root.first("StrategicPlanCore") or root
        every = [self._objective(goal, "Goal", number) for number, goal in enumerate(core.all("Goal"), 1)]
        goals = tuple(goal for goal in every if not goal.key.endswith(OWN))
        indicators = tuple(one for goal in every if goal.key.endswith(OWN) for one in goal.indicators)
        organization = self._text(core, "Organization", "Name", place=place)
        name = self._text(root, "Name", place=place) or organization or self.file
        told = [self._text(root, part, place=place) for part in ("Description", "OtherInformation")]
        told += [f"Organization: {organization}"] if organization not in ("", name) and not self.ours else []
        for part in ("Vision", "Mission"):
            if said := self._text(core, part, "Description", place=f"{place} / {part}"):
                told.append(f"{part}: {said}")
        values = [value.said("Name") for value in core.all("Value")]
        told += [f"Values: {', '.join(filter(None, values))}"] if any(values) else []
        read = f"{len(goals)} {'goal' if len(goals) == 1 else 'goals'}"
        self.extract.notes.append(f"{self.file} was read as StratML Part {_ROOTS[root.name]}, {read}.")
        own = self.ours or root.said("AdministrativeInformation", "Identifier") or root.said("id")
        key = own[:_LONGEST_ID] if not _PLACEHOLDER.fullmatch(own) else self._unnamed(goals)
        described = "\n\n".join(filter(None, told))
        return WantedObjective(
            key, self._name(name, root, place), self._long(described, root, place), self.file, root.line, place,
            indicators=indicators,
            below=goals,
        )  # fmt: skip

    def _unnamed(self, goals: tuple[WantedObjective, ...]) -> str:
        """What stands for the identifier of a plan that has none: that of its first goal."""
        self._mended(self.root, self.root.name, None, "The plan has no identifier; it is known by its first goal's.")
        return f"plan of {goals[0].key if goals else self.file}"[:_LONGEST_ID]

    def _objective(self, element: Element, kind: str, number: int, above: str = "") -> WantedObjective:
        sequence = element.said("SequenceIndicator")
        place = f"{above}{' / ' if above else ''}{kind} {sequence or number}"
        indicators = tuple(
            self._indicator(one, at, place) for at, one in enumerate(element.all("PerformanceIndicator"), 1)
        )
        below = tuple(
            self._objective(one, "Objective", at, place) for at, one in enumerate(element.all("Objective"), 1)
        )
        name = self._text(element, "Name", place=place)
        if not name:
            name = self._called(element, place, self._text(element, "Description", place=place) or place)
        told = [self._text(element, part, place=place) for part in ("Description", "OtherInformation")]
        own = [one for one in below if one.key.endswith(OWN)]
        return WantedObjective(
            self._key(element, place),
            self._name(name, element, place),
            self._long("\n\n".join(filter(None, told)), element, place),
            self.file,
            element.line,
            place,
            tuple(self._performers(element)),
            (*indicators, *(each for one in own for each in one.indicators)),
            tuple(one for one in below if one not in own),
        )

    def _performers(self, element: Element) -> Iterator[str]:
        """The stakeholders who carry it out, by name."""
        for one in element.all("Stakeholder"):
            roles = [role.text for each in one.all("Role") for role in each.all("RoleType")]
            if "Performer" in roles and one.said("Name"):
                yield one.said("Name")

    def _indicator(self, element: Element, number: int, above: str) -> WantedIndicator:
        sequence = element.said("SequenceIndicator")
        place = f"{above} / PerformanceIndicator {sequence or number}"
        results = tuple(self._results(element, place))
        name = self._text(element, "MeasurementDimension", place=place)
        if not name:
            first = next((one.text for one in results if one.target and one.text), "")
            name = self._called(element, place, first or f"Indicator {sequence or number} of {above}")
        unit = self._text(element, "UnitOfMeasurement", place=place)
        if len(unit) > LONGEST["unit"]:
            self._mended(element, place, unit, f"A unit has at most {LONGEST['unit']} characters; it was cut.")
            unit = unit[: LONGEST["unit"]]
        told = [self._text(element, "OtherInformation", place=place), *map(_worded, results)]
        direction = self._direction(element)
        if direction is Direction.UNDEFINED:
            note = "StratML says of no indicator whether more or less is better: set their direction before they count."
            self.extract.notes += [note] if note not in self.extract.notes else []
        return WantedIndicator(
            self._key(element, place),
            self._name(name, element, place),
            unit or None,
            self._long("\n".join(filter(None, told)), element, place),
            direction,
            results,
            self.file,
            element.line,
            place,
        )

    def _results(self, element: Element, place: str) -> Iterator[Result]:
        for instance in element.all("MeasurementInstance"):
            for one in instance.children:
                if one.name in ("TargetResult", "ActualResult"):
                    yield self._result(one, f"{place} / {one.name}")

    def _result(self, element: Element, place: str) -> Result:
        target, text = element.name == "TargetResult", self._text(element, "Description", place=place)
        status = element.said("Descriptor", "DescriptorValue")
        value = self._number(element, place)
        if value is None and _PLACEHOLDER.fullmatch(text):
            said = RowFault(self.file, element.line, place, text or None, "Not stated: it is unknown, and not zero.")
            self.extract.unknown.append(said)
            text = ""
        return Result(target, value, self._day(element, place), text, not target and status.casefold() == "baseline")

    def _number(self, element: Element, place: str) -> Decimal | None:
        written = element.said("NumberOfUnits")
        if _PLACEHOLDER.fullmatch(written):
            return None
        plain = written.replace(",", "") if _GROUPED.fullmatch(written) else written
        try:
            value = decimal(plain)
        except ValueError:
            reason = "This is no number; write it in digits, or leave it empty where it is unknown."
            self.extract.faults.append(RowFault(self.file, element.line, place, written, reason))
            return None
        if plain != written:
            self._mended(element, place, written, f"Read as {value}.")
        short = Decimal(repr(float(value)))  # a text of a float, to see whether this came out of one
        if len(value.as_tuple().digits) > _ARTEFACT and short != value and abs(short - value) < abs(value) / 10**14:
            self._mended(element, place, written, f"What a computer made of {short:f}; read as that.")
            return short
        return value

    def _day(self, element: Element, place: str) -> date | None:
        """The day a result is of: the end of its period, else its start."""
        days = {name: self._date(element, name, place) for name in ("StartDate", "EndDate")}
        start, end = days["StartDate"], days["EndDate"]
        if start and end and start > end:
            told = f"The period starts on {start}, after its end on {end}; the result is taken as of its end."
            self._mended(element, place, f"{start}..{end}", told)
        return end or start

    def _date(self, element: Element, name: str, place: str) -> date | None:
        written = element.said(name)
        if not written:
            return None
        try:
            return date.fromisoformat(written[:10])
        except ValueError:
            reason = "This is no day; write it as 2026-12-31."
            self.extract.faults.append(RowFault(self.file, element.line, f"{place} / {name}", written, reason))
            return None

    def _direction(self, element: Element) -> Direction:
        """What our own export says; a plan of others says nothing."""
        for instance in element.all("MeasurementInstance"):
            for one in instance.children:
                words = one.said("Descriptor", "DescriptorName"), one.said("Descriptor", "DescriptorValue")
                if words[0] == DIRECTION and words[1] in Direction.__members__:
                    return Direction(words[1])
        return Direction.UNDEFINED

    def _key(self, element: Element, place: str) -> str:
        """The identifier, or the place where there is none; one used twice is told apart by a number."""
        written = element.said("Identifier")
        key = written[:_LONGEST_ID]
        if _PLACEHOLDER.fullmatch(written):
            key = f"{self.root.said('Name')[:60]}: {place}"[:_LONGEST_ID]
            self._mended(element, place, written or None, "Without an identifier; it is known by its place.")
        elif key in self._known:
            key = next(each for number in count(2) if (each := f"{key}#{number}") not in self._known)
            self._mended(element, place, written, f"This identifier occurs twice; here it is {key}.")
        self._known.add(key)
        return key

    def _text(self, element: Element, *path: str, place: str) -> str:
        """A text without e-mail addresses and what cannot be seen."""
        found = element.first(*path)
        text = (found.paragraphs if self.ours else found.text) if found else ""
        if _EMAIL.search(text):
            self._mended(element, place, None, f"An e-mail address in <{path[-1]}> was left out.")
            text = _EMAIL.sub("(address left out)", text)
        while hidden := unseen(text):
            text = text.replace(chr(int(hidden.removeprefix("U+"), 16)), "")
            self._mended(element, place, None, f"A character that cannot be seen ({hidden}) was left out.")
        return text

    def _called(self, element: Element, place: str, name: str) -> str:
        self._mended(element, place, None, f"Without a name; called “{name[:60]}{'…' if len(name) > 60 else ''}”.")  # noqa: PLR2004 — what fits a line
        return name

    def _name(self, name: str, element: Element, place: str) -> str:
        if len(name) <= LONGEST["name"]:
            return name
        self._mended(element, place, name, f"A name has at most {LONGEST['name']} characters; it was cut.")
        return f"{name[: LONGEST['name'] - 1]}…"

    def _long(self, text: str, element: Element, place: str) -> str | None:
        if len(text) > LONGEST["description"]:
            self._mended(element, place, None, f"A description has at most {LONGEST['description']:,}; it was cut.")
        return text[: LONGEST["description"]] or None

    def _mended(self, element: Element, place: str, value: str | None, reason: str) -> None:
        self.extract.repaired.append(RowFault(self.file, element.line, place, value, reason))


def _worded(one: Result) -> str:
    """A result in words only, as the indicator's description keeps it."""
    if one.value is not None or not one.text:
        return ""
    return f"{'Target' if one.target else 'Actual'}{f' ({one.on})' if one.on else ''}: {one.text}"
