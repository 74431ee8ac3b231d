"""The fields of a node as callers write them, and what they mean for its row: all faults of one input at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.domain.cascade import Level, a
from server.domain.money import Money, minor
from server.domain.people import held_twice
from server.domain.refusals import Faults, RefusalCode, Refused
from server.domain.rights import FROZEN_AT_DECIDED
from server.domain.stages import Stage
from server.domain.texts import LONGEST, LONGEST_SELLER, MOST_SELLERS, cleaned, cleaned_list, exact
from server.domain.wording import listed
from server.live.work import Work
from server.models.cascade import Node
from server.models.people import Person

_COMMON = frozenset({"name", "description", "businessUnit", "tags", "owner", "externalIds"})
_MEASURE = _COMMON | {"sponsor", "controller", "estimatedValue", "risks", "overlaps", "varianceExplanation"}
# level → the fields that it has (as callers write them)
FIELDS: Mapping[Level, frozenset[str]] = {
    Level.OBJECTIVE: _COMMON | {"hypothesis", "metric", "target", "targetDate"},
    Level.PORTFOLIO: _COMMON,
    Level.PROGRAM: _COMMON,
    Level.INITIATIVE: _MEASURE | {"gapExplanation"},
    Level.SALES_PLAN: _MEASURE | {"gapExplanation", "sellers"},
}
_PEOPLE = {"owner": "owner_id", "sponsor": "sponsor_id", "controller": "controller_id"}
_COLUMNS = {
    "businessUnit": "business_unit",
    "targetDate": "target_date",
    "gapExplanation": "gap_explanation",
    "varianceExplanation": "variance_explanation",
}


# Whether it is the estimate that was to change → what to do: the texts were decided upon as they are.
_NEXT = {
    True: "and changes only through a change request.",
    False: "and stays as it was decided; say what is otherwise now in the reason of a change request.",
}


def check_not_frozen(node: Node, fields: Mapping[str, Any]) -> None:
    """Refuse (FROZEN) what a gate has frozen of a measure."""
    frozen = sorted(FROZEN_AT_DECIDED & fields.keys())
    if node.stage and Stage(node.stage) >= Stage.DECIDED and frozen:
        message = (
            f"“{node.name}” stands at {Stage(node.stage).spoken}: {listed(frozen)} was frozen at Decided "
            f"{_NEXT['estimatedValue' in frozen]}"
        )
        raise Refused(RefusalCode.FROZEN, message, [frozen[0]], frozen)


async def columns_of(work: Work, node: Node, fields: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
    """What the given fields mean for the row; all faults at once."""
    faults = Faults()
    level = Level(node.level)
    for field in sorted(fields.keys() - FIELDS[level]):
        if fields[field] is not None:
            faults.add(f"{a(level).capitalize()} has no {field}.", field)
    given = {field: value for field, value in fields.items() if field in FIELDS[level]}
    if creating and "name" not in given:
        faults.add("name is missing; write it.", "name")
    columns = _texts(given, faults) | await _people(work, node, given, faults)
    if "target" in given:
        target = given["target"]
        columns["target"] = exact(None if target is None else str(target), "target", faults)
    if "targetDate" in given:
        columns["target_date"] = given["targetDate"]
    if "estimatedValue" in given:
        columns |= estimate_columns(given["estimatedValue"], faults)
    faults.refuse_if_any()
    return columns


def _texts(fields: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    columns: dict[str, Any] = {
        _COLUMNS.get(field, field): cleaned(value, field, faults, required=field == "name")
        for field, value in fields.items()
        if field in LONGEST
    }
    if "tags" in fields:
        columns["tags"] = cleaned_list(fields["tags"] or (), "tags", faults)
    if "sellers" in fields:
        columns["sellers"] = cleaned_list(fields["sellers"] or (), "sellers", faults, MOST_SELLERS, LONGEST_SELLER)
    return columns


def estimate_columns(value: tuple[Decimal, str] | None, faults: Faults) -> dict[str, Any]:
    """What an estimate means for a measure's row; a fault goes to `faults`."""
    if value is None:
        return {"estimated_units": None, "estimated_currency": None}
    amount, currency = value
    try:
        estimate = Money(minor(amount, currency), currency)
    except ValueError as fault:
        faults.add(f"estimatedValue: {fault}.", "estimatedValue")
        return {}
    return {"estimated_units": estimate.units, "estimated_currency": estimate.currency}


async def _people(work: Work, node: Node, fields: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """Owner, sponsor and controller: persons of this organization, and three different ones (law §2)."""
    named: dict[str, UUID | None] = {field: fields[field] for field in _PEOPLE if field in fields}
    ids = {person for person in named.values() if person} - {work.viewer.person_id}  # who acts is known
    found = Person.filter(organization_id=work.organization.id, id__in=list(ids)).using_db(work.db)
    known = {work.viewer.person_id, *(await found.values_list("id", flat=True) if ids else ())}
    columns = {_PEOPLE[field]: person for field, person in named.items()}
    for field, person in named.items():
        if person and person not in known:
            faults.add(f"There is no such person to be the {field}. Check the id.", field)
        if field == "owner" and person is None:
            faults.add("Every node has an owner; name another person instead of none.", "owner")
    if columns:
        will_be = {part: columns.get(column, getattr(node, column)) for part, column in _PEOPLE.items()}
        for one, other in held_twice(will_be):
            faults.add(f"The {one} of a measure is never its {other}: name two different persons.", other)
    return columns


def spoken(column: str) -> str:
    """A column as written in a sentence: `the business unit`."""
    return f"the {column.removesuffix('_id').replace('_', ' ')}"
