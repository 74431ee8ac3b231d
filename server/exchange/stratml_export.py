"""Writing StratML, Part 1 or Part 2 (ISO 17469-1 and -2), strictly: the elements of the standard, in its order.

It is read through the API in the reader's name, so what they do not see or may not read is not in it. What the standard
has no element for is left out: portfolios and what stands below them, and who decides. docs/import-strategy.md tells.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import groupby
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from server.domain.refusals import invalid, not_found
from server.exchange.stratml import DIRECTION, OURS, OWN, SYSTEM

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
_ROOTS = {
    1: ("StrategicPlan", "urn:ISO:std:iso:17469:tech:xsd:stratml_core"),
    2: ("PerformancePlanOrReport", "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"),
}
_FIELDS = """id name description parent { id } externalIds { system id } indicators {
    id name description unit direction start startDate target targetDate externalId
    points { date target actual note } }"""
_DOCUMENT = f"""query ($id: ID!, $after: String) {{ organization {{ name timeZone }} node(id: $id) {{
    ... on Objective {{ {_FIELDS} descendants(first: 100, after: $after, filter: {{ levels: [OBJECTIVE] }}) {{
        edges {{ node {{ {_FIELDS} }} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"""


async def strategy_file(ask: Ask, own: Callable[[str], UUID], node: str, part: int) -> tuple[str, bytes]:
    """A file name and the StratML of an objective: what stands right below it are Goals, all below those Objectives.

    An objective with none below it is its own only Goal. `own` reads the UUID out of a global id. Raises Refused:
    NOT_FOUND for what is no objective in sight, INVALID for another part than 1 or 2.
    """
    if part not in _ROOTS:
        raise invalid(f"StratML has Part 1 and Part 2; there is no part {part}.", "part")
    after, below, found = None, list[dict[str, Any]](), dict[str, Any]()
    while True:
        found = await ask(_DOCUMENT, {"id": node, "after": after})
        if not found["node"]:
            raise not_found("under")
        page = found["node"]["descendants"]
        below += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    root = _Writing(part, below, own).plan(found["node"], found["organization"]["name"])
    indent(root)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return f"{_file_name(found['node']['name'])}.part{part}.xml", body + b"\n"


class _Writing:
    """One document."""

    def __init__(self, part: int, below: Iterable[dict[str, Any]], own: Callable[[str], UUID]) -> None:
        self.part, self.own = part, own
        self.name, self.namespace = _ROOTS[part]
        register_namespace("stratml", self.namespace)
        ordered = sorted(below, key=lambda node: (node["parent"]["id"], node["name"], node["id"]))
        self.children = {key: list(group) for key, group in groupby(ordered, key=lambda node: node["parent"]["id"])}
        self._known: set[str] = set()

    def plan(self, node: dict[str, Any], organization: str) -> Element:
        """The whole of it."""
        root = Element(f"{{{self.namespace}}}{self.name}")
        if self.part == 2:  # noqa: PLR2004 — the standard's part
            reports = any(point["actual"] for one in [node, *self._all()] for each in one["indicators"]
                          for point in each["points"])  # fmt: skip
            root.set("Type", "Performance_Report" if reports else "Performance_Plan")
        self._say(root, Name=node["name"], Description=node["description"])
        core = self._add(root, "StrategicPlanCore")
        self._say(self._add(core, "Organization"), Name=organization)
        goals = self.children.get(node["id"], [])
        for number, goal in enumerate(goals or [node], 1):
            self._goal(core, goal, str(number), alone=not goals)
        called = (theirs if (theirs := _theirs(node)) and _is_name(theirs) else None) or f"_{self.own(node['id'])}"
        if goals and node["indicators"] and self.part == 2:  # noqa: PLR2004 — see OWN
            self._goal(core, {**node, "description": None}, "0", alone=True, called=f"{called}{OWN}")
        about = self._add(root, "AdministrativeInformation")
        if self.part == 2 and goals:  # noqa: PLR2004 — Part 1 has no room for it
            self._say(about, Identifier=called)
        self._say(about, Source=f"{OURS}{called}")
        return root

    def _all(self) -> Iterator[dict[str, Any]]:
        return (node for group in self.children.values() for node in group)

    def _goal(
        self, core: Element, node: dict[str, Any], number: str, *, alone: bool, called: str | None = None
    ) -> None:
        goal = self._add(core, "Goal")
        called = called or self._identifier(node)
        self._say(goal, Name=node["name"])
        self._add(goal, "Description").text = _clean(node["description"] or "")
        self._say(goal, Identifier=called, SequenceIndicator=number)
        if node["indicators"] and self.part == 2:  # noqa: PLR2004 — see OWN
            own = self._add(goal, "Objective")
            self._say(own, Name=node["name"], Identifier=f"{called}{OWN}", SequenceIndicator=f"{number}.0")
            self._indicators(own, node, f"{number}.0")
        for at, below in enumerate(() if alone else self.children.get(node["id"], ()), 1):
            self._objective(goal, below, f"{number}.{at}")

    def _objective(self, goal: Element, node: dict[str, Any], number: str) -> None:
        """An objective, and, as StratML knows two levels only, all below it beside it."""
        objective = self._add(goal, "Objective")
        self._say(objective, Name=node["name"], Description=node["description"])
        self._say(objective, Identifier=self._identifier(node), SequenceIndicator=number)
        if self.part == 2:  # noqa: PLR2004 — Part 1 has no indicators
            self._indicators(objective, node, number)
        for at, below in enumerate(self.children.get(node["id"], ()), 1):
            self._objective(goal, below, f"{number}.{at}")

    def _indicators(self, parent: Element, node: dict[str, Any], number: str) -> None:
        for at, one in enumerate(node["indicators"], 1):
            element = self._add(parent, "PerformanceIndicator")
            self._say(element, SequenceIndicator=f"{number}.{at}")
            self._add(element, "MeasurementDimension").text = _clean(one["name"])
            self._add(element, "UnitOfMeasurement").text = _clean(one["unit"] or "")
            self._say(element, Identifier=self._called(one["externalId"], one["id"]))
            instance = self._add(element, "MeasurementInstance")
            for day, target in self._targets(one):
                words = (DIRECTION, one["direction"])
                self._result(instance, "TargetResult", day, target, words)
            if one["start"] is not None:
                self._result(instance, "ActualResult", one["startDate"], one["start"], ("Status", "Baseline"))
            for point in one["points"]:
                if point["actual"] is not None:
                    self._result(instance, "ActualResult", point["date"], point["actual"], None, point["note"])
            self._say(element, OtherInformation=one["description"])

    def _targets(self, one: dict[str, Any]) -> Iterator[tuple[str | None, str | None]]:
        """The stations of the path, and the target last; without a number where that is unknown."""
        for point in one["points"]:
            if point["target"] is not None and point["date"] != one["targetDate"]:
                yield point["date"], point["target"]
        yield one["targetDate"], one["target"]

    def _result(
        self,
        instance: Element,
        name: str,
        day: str | None,
        value: str | None,
        descriptor: tuple[str, str] | None,
        text: str | None = None,
    ) -> None:
        element = self._add(instance, name)
        self._say(element, EndDate=day, NumberOfUnits=value)
        if descriptor:
            self._say(self._add(element, "Descriptor"), DescriptorName=descriptor[0], DescriptorValue=descriptor[1])
        self._say(element, Description=text)

    def _identifier(self, node: dict[str, Any]) -> str:
        return self._called(_theirs(node), node["id"])

    def _called(self, theirs: str | None, global_id: str) -> str:
        """The identifier it came with, where XML allows that and nothing else is called so; else our own id."""
        if theirs and theirs not in self._known and _is_name(theirs):
            self._known.add(theirs)
            return theirs
        return f"_{self.own(global_id)}"

    def _add(self, parent: Element, name: str) -> Element:
        return SubElement(parent, f"{{{self.namespace}}}{name}")

    def _say(self, parent: Element, **texts: str | None) -> None:
        """Elements with a text, in order; those without one are left out."""
        for name, text in texts.items():
            if text is not None:
                self._add(parent, name).text = _clean(text)


def _theirs(node: dict[str, Any]) -> str | None:
    """The identifier that a node came with."""
    return next((one["id"] for one in node["externalIds"] if one["system"] == SYSTEM), None)


def _is_name(text: str) -> bool:
    """Whether XML takes a text as an ID: letters, digits, `.`, `-`, `_`, and no digit first."""
    plain = text.replace("-", "").replace("_", "").replace(".", "")
    return text.isascii() and (not plain or plain.isalnum()) and (text[0].isalpha() or text[0] == "_")


def _clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32)  # noqa: PLR2004 — control characters


def _file_name(name: str) -> str:
    kept = "".join(sign if sign.isalnum() else "-" for sign in name.lower())
    return "-".join(filter(None, kept.split("-")))[:60] or "strategy"
