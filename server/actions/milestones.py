"""Milestones: adding, dating, reading, achieving with evidence, verifying (law §6)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.actions.files import attached
from server.actions.standing import require
from server.domain.cascade import MEASURES, Level
from server.domain.facts import FactKind
from server.domain.milestones import Aim, MeasureType, Progress, unproven, why_not
from server.domain.refusals import Faults, RefusalCode, Refused, invalid, not_found
from server.domain.texts import cleaned, exact
from server.live.work import Work
from server.models.cascade import Evidence, Milestone, Node, StoredFile
from server.models.people import Person

_EXACT = ("start", "target")
_TEXTS = ("name", "metric", "unit")


async def add_milestone(work: Work, *, under: UUID, fields: Mapping[str, Any]) -> UUID:
    """Add a milestone to a measure.

    `fields`: name, due, measureType, and critical, metric, unit, start, target, assignee.
    """
    node = await _measure(work, under, "under")
    await require(work, "addMilestone", node)
    milestone = Milestone(organization_id=work.organization.id, node_id=node.id)
    faults = Faults()
    columns = await milestone_columns(work, {"critical": False, **fields}, faults, creating=True)
    faults.refuse_if_any()
    for column, value in columns.items():
        setattr(milestone, column, value)
    await work.add(milestone)
    told = f"added the milestone “{milestone.name}” to “{node.name}”, due {milestone.due}."
    await work.record(FactKind.MILESTONE_CHANGED, told, on=milestone, node_id=node.id)
    return milestone.id


async def edit_milestone(
    work: Work, *, milestone: UUID, fields: Mapping[str, Any], expected_revision: int | None = None
) -> UUID:
    """Change the fields given. The original date stays what it was when the measure was decided."""
    found, node = await find_milestone(work, milestone, "editMilestone", expected_revision)
    due, faults = found.due, Faults()
    columns = await milestone_columns(work, fields, faults, creating=False)
    faults.refuse_if_any()
    if await work.alter(found, **columns):
        moved = f" from {due} to {found.due}" if due != found.due else ""
        verb = "moved" if moved else "changed"
        told = f"{verb} the milestone “{found.name}” of “{node.name}”{moved}."
        await work.record(FactKind.MILESTONE_CHANGED, told, on=found, node_id=node.id)
    return found.id


async def cancel_milestone(work: Work, *, milestone: UUID, reason: str, expected_revision: int | None = None) -> UUID:
    """Give a milestone up, with a reason; it stays visible."""
    found, node = await find_milestone(work, milestone, "cancelMilestone", expected_revision)
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    faults.refuse_if_any()
    await work.alter(found, cancelled_reason=why)
    told = f"cancelled the milestone “{found.name}” of “{node.name}”: {why}"
    await work.record(FactKind.MILESTONE_CHANGED, told, on=found, node_id=node.id)
    return found.id


async def record_reading(
    work: Work,
    *,
    milestone: UUID,
    reading: Decimal,
    source: str,
    on: date,
    url: str | None = None,
    note: str | None = None,
    file: UUID | None = None,
    expected_revision: int | None = None,
) -> UUID:
    """Record where the milestone's metric stands, with its source; this achieves nothing yet."""
    found, node = await find_milestone(work, milestone, "recordReading", expected_revision)
    brought = await attached(work, file)
    evidence = _evidence(work, node, found, brought, reading=reading, source=source, on=on, url=url, note=note)
    await work.alter(found, actual=evidence.reading)
    await work.add(evidence)
    told = f"recorded {_figure(found, evidence.reading)} for the milestone “{found.name}” of “{node.name}”."
    await work.record(FactKind.MILESTONE_CHANGED, told, on=found, node_id=node.id)
    return found.id


async def achieve_milestone(
    work: Work,
    *,
    milestone: UUID,
    source: str,
    on: date,
    reading: Decimal | None = None,
    url: str | None = None,
    note: str | None = None,
    file: UUID | None = None,
    expected_revision: int | None = None,
) -> UUID:
    """Achieve a milestone with evidence.

    A reading that reaches its target, or a document with source and date (law §6).
    """
    found, node = await find_milestone(work, milestone, "achieveMilestone", expected_revision)
    aim = Aim(*(Decimal(text) if text is not None else None for text in (found.start, found.target)))
    brought = await attached(work, file)
    document = brought is not None or bool((url or "").strip())
    if why := unproven(found.name, aim, reading, document=document, unit=found.unit or ""):
        raise Refused(RefusalCode.CRITERIA_UNMET, why, ["reading"])
    evidence = _evidence(work, node, found, brought, reading=reading, source=source, on=on, url=url, note=note)
    actual = {"actual": evidence.reading} if reading is not None else {}
    await work.alter(found, achieved_on=on, achieved_by_id=work.viewer.person_id, **actual)
    await work.add(evidence)
    told = f"achieved the milestone “{found.name}” of “{node.name}”; evidence: {evidence.source}."
    await work.record(FactKind.MILESTONE_ACHIEVED, told, on=found, node_id=node.id)
    return found.id


async def verify_milestone(
    work: Work, *, milestone: UUID, comment: str | None = None, expected_revision: int | None = None
) -> UUID:
    """Verify an achieved milestone; never who reported it (law §3)."""
    found, node = await find_milestone(work, milestone, "verifyMilestone", expected_revision)
    faults = Faults()
    said = cleaned(comment, "comment", faults)
    faults.refuse_if_any()
    await work.alter(found, verified_by_id=work.viewer.person_id, verified_at=work.at)
    told = f"verified the milestone “{found.name}” of “{node.name}”{f': {said}' if said else '.'}"
    await work.record(FactKind.MILESTONE_VERIFIED, told, on=found, node_id=node.id)
    return found.id


async def attach_evidence(
    work: Work,
    *,
    measure: UUID,
    source: str,
    on: date,
    reading: Decimal | None = None,
    url: str | None = None,
    note: str | None = None,
    file: UUID | None = None,
) -> UUID:
    """Attach evidence to a measure itself, as closing asks for: a link, a reading or a file, with source and date."""
    node = await _measure(work, measure, "measure")
    await require(work, "attachEvidence", node)
    if reading is None and file is None and not (url or "").strip():
        raise invalid("Evidence is a link, a reading or a file; give one of them.", "url")
    brought = await attached(work, file)
    evidence = _evidence(work, node, None, brought, reading=reading, source=source, on=on, url=url, note=note)
    await work.add(evidence)
    await work.touch(node)
    await work.record(FactKind.NODE_CHANGED, f"attached evidence to “{node.name}”: {evidence.source}.", on=node)
    return node.id


def _evidence(
    work: Work,
    node: Node,
    milestone: Milestone | None,
    file: StoredFile | None,
    *,
    reading: Decimal | None,
    source: str,
    on: date,
    url: str | None,
    note: str | None,
) -> Evidence:
    faults = Faults()
    told = {
        "source": cleaned(source, "source", faults, required=True),
        "reading": exact(None if reading is None else str(reading), "reading", faults),
        "url": cleaned(url, "url", faults),
        "note": cleaned(note, "note", faults),
    }
    if on > work.today:
        faults.add(f"Evidence of {on} lies in the future; today is {work.today}.", "date")
    if told["url"] and not told["url"].startswith(("https://", "http://")):
        faults.add("url is no web address; it starts with https://.", "url")
    faults.refuse_if_any()
    return Evidence(
        organization_id=work.organization.id,
        node_id=node.id,
        milestone_id=milestone.id if milestone else None,
        file_id=file.id if file else None,
        date=on,
        by_id=work.viewer.person_id,
        at=work.at,
        **told,
    )


async def _measure(work: Work, node_id: UUID, field: str) -> Node:
    node = await work.node(node_id, field)
    if Level(node.level) not in MEASURES:
        raise invalid(f"“{node.name}” is no measure; milestones and evidence belong to initiatives and sales plans.")
    return node


async def find_milestone(
    work: Work, milestone_id: UUID, act: str, expected_revision: int | None
) -> tuple[Milestone, Node]:
    """A milestone with its measure, once the act is open to the viewer and the milestone allows it."""
    organization = work.organization.id
    found = await Milestone.filter(id=milestone_id, organization_id=organization).using_db(work.db).first()
    if found is None:
        raise not_found("milestone")
    node = await work.node(found.node_id, "milestone")
    await require(work, act, node, found)
    work.fresh(found, expected_revision, found.name)
    verified = found.verified_by_id is not None
    progress = Progress(found.name, found.achieved_on, found.achieved_by_id, verified, found.cancelled_reason)
    if refused := why_not(act, progress, work.viewer.person_id):
        raise Refused(*refused)
    return found, node


async def milestone_columns(work: Work, fields: Mapping[str, Any], faults: Faults, *, creating: bool) -> dict[str, Any]:
    """What the given fields mean for a milestone's row; what is wrong with any of them goes to `faults`."""
    columns: dict[str, Any] = {
        field: cleaned(fields[field], field, faults, required=field == "name") for field in _TEXTS if field in fields
    }
    for field in _EXACT:
        if field in fields:
            columns[field] = exact(None if fields[field] is None else str(fields[field]), field, faults)
    for field, column in (("due", "due"), ("critical", "critical"), ("measureType", "measure_type")):
        if field in fields and fields[field] is None:
            faults.add(f"{field} cannot be empty.", field)
        elif field in fields:
            value = fields[field]
            columns[column] = value.value if isinstance(value, MeasureType) else value
    for field in ("name", "due", "measureType"):
        if creating and field not in fields:
            faults.add(f"{field} is missing.", field)
    if "assignee" in fields:
        columns["assignee_id"] = await _assignee(work, fields["assignee"], faults)
    return columns


async def _assignee(work: Work, person: UUID | None, faults: Faults) -> UUID | None:
    known = Person.filter(id=person, organization_id=work.organization.id).using_db(work.db)
    if person is not None and not await known.exists():
        faults.add("There is no such person to be the assignee. Check the id.", "assignee")
    return person


def _figure(milestone: Milestone, reading: str | None) -> str:
    return f"{reading} {milestone.unit or ''}".strip()
