"""The order and the types of StratML's elements, written down from ISO 17469-1:2014 and 17469-2 (draft 2.2.8).

The schemas themselves are AIIM's, without a licence that lets us ship them. What our export writes was compared with
both by lxml when this was written; see docs/import-strategy.md for how to do that again.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

NAMESPACES = {
    1: "urn:ISO:std:iso:17469:tech:xsd:stratml_core",
    2: "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport",
}
# element → its children in order: `!` exactly one, `?` at most one, `*` any number, `+` at least one
_BOTH = {
    "StrategicPlanCore": "Organization* Vision? Mission? Value* Goal+",
    "Organization": "Name? Acronym? Identifier? Description? Stakeholder*",
    "Goal": "Name! Description! Identifier? SequenceIndicator? Stakeholder* OtherInformation? Objective*",
}
_TEXT = "Name? Description? Identifier? SequenceIndicator? Stakeholder* OtherInformation?"
_RESULT = "StartDate? EndDate? NumberOfUnits? Descriptor? Description?"
ORDER: dict[int, dict[str, str]] = {
    1: _BOTH
    | {
        "StrategicPlan": "Name! Description? OtherInformation? StrategicPlanCore! AdministrativeInformation?",
        "Objective": _TEXT,
        "AdministrativeInformation": "StartDate? EndDate? PublicationDate? Source? Submitter?",
    },
    2: _BOTH
    | {
        "PerformancePlanOrReport": "Name! Description? OtherInformation? StrategicPlanCore! AdministrativeInformation? "
        "Submitter?",
        "Objective": f"{_TEXT} PerformanceIndicator*",
        "AdministrativeInformation": "Identifier? StartDate? EndDate? PublicationDate? Source?",
        "PerformanceIndicator": "SequenceIndicator? MeasurementDimension! UnitOfMeasurement! Identifier? Relationship* "
        "MeasurementInstance* OtherInformation?",
        "MeasurementInstance": "Place? TargetResult* ActualResult*",
        "TargetResult": _RESULT,
        "ActualResult": _RESULT,
        "Descriptor": "DescriptorName? DescriptorValue?",
    },
}
TYPES = {"Strategic_Plan", "Performance_Plan", "Performance_Report"}


def faults_of(root: Element, part: int) -> list[str]:
    """Where a document of a part breaks the standard."""
    faults = [] if root.tag in {f"{{{NAMESPACES[part]}}}{name}" for name in ORDER[part]} else [f"root {root.tag}"]
    if part == 2 and root.get("Type") not in TYPES:
        faults.append(f"Type {root.get('Type')}")
    known: set[str] = set()
    return faults + list(_walk(root, part, known))


def _walk(element: Element, part: int, known: set[str]) -> Iterator[str]:
    name = element.tag.rpartition("}")[2]
    yield from _ordered(name, [child.tag for child in element], part)
    yield from _typed(name, element.text or "", known)
    for child in element:
        yield from _walk(child, part, known)


def _ordered(name: str, children: list[str], part: int) -> Iterator[str]:
    rest = list(children)
    for rule in ORDER[part].get(name, "").split():
        wanted, times = f"{{{NAMESPACES[part]}}}{rule[:-1]}", 0
        while rest and rest[0] == wanted:
            rest.pop(0)
            times += 1
        if (times == 0 and rule[-1] in "!+") or (times > 1 and rule[-1] in "!?"):
            yield f"{name}: {rule[:-1]} stands there {times} times"
    if rest:
        yield f"{name}: {rest[0]} stands in the wrong place"


def _typed(name: str, text: str, known: set[str]) -> Iterator[str]:
    if name == "Identifier":
        plain = text.translate(dict.fromkeys(map(ord, "-_."), "a"))
        if text in known or not plain.isalnum() or not (text[0].isalpha() or text[0] == "_"):
            yield f"Identifier {text}"
        known.add(text)
    try:
        if name.endswith("Date"):
            date.fromisoformat(text)
        elif name == "NumberOfUnits":
            Decimal(text)
    except (ValueError, InvalidOperation):
        yield f"{name} {text}"
