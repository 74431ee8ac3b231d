"""The writing half of `import tracker`: people, a cascade, and the months of value lines, all of it or nothing."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from server.actions.figures import Brought, LineFigures, LineName, bring_figures
from server.actions.standing import require
from server.domain.cascade import Level
from server.domain.months import Month
from server.domain.values import Series, ValueKind
from server.exchange.figures import SpokenOf, WantedLine
from server.exchange.finishing import Run, finish, refuse, same_fiscal_year
from server.exchange.people import find_people
from server.exchange.places import Places, survey
from server.exchange.progress import Written
from server.exchange.report import ImportReport
from server.exchange.tables import RowFault
from server.exchange.tracker import TrackerExtract
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import rows


async def import_tracker(work: Work, extract: TrackerExtract, progress: Written, *, run: Run) -> dict[str, Any]:
    """Find or make the people and nodes a tracker needs, and write what it states of every initiative.

    What stands is never renamed, moved or given to somebody else. Every node is made, and every figure written, with
    the viewer's own rights; what the law bars is told and left as it was.
    """
    await require(work, "importFile", None)
    same_fiscal_year(work, extract.fiscal_year_start)
    people = await find_people(work, extract, loosely=True)
    places, forbidden = await survey(work, extract, people)
    if forbidden:
        refuse(forbidden)
    known = await people.make_known(work, extract.system)
    new = set(places.missing)
    made = await places.make(work, people, {})
    wanted, faults = _wanted(places, extract)
    if extract.speaks_of is not None:
        await _clear(work, extract, extract.speaks_of, wanted)
    fresh = {places.standing[place].id for place in new if place in places.standing}
    brought = await bring_figures(work, wanted, source=extract.system, made=fresh, progress=progress)
    report = ImportReport(
        kind=run.kind,
        read=extract.read,
        created=brought.created,
        changed=brought.changed,
        unchanged=brought.unchanged,
        orphans=0,
        nodes_created=len(made),
        lines_created=brought.lines,
        not_taken=(*extract.faults, *faults, *_left(brought, places, extract.lines)),
        dry_run=run.dry_run,
        people_created=known,
        nodes_made=tuple(made),
        unknown=extract.unknown,
        left_out=extract.left_out,
        notes=(*extract.notes, *people.notes),
    )
    return await finish(work, run, report)


def _wanted(places: Places, extract: TrackerExtract) -> tuple[dict[UUID, list[LineFigures]], list[RowFault]]:
    """What is stated of each initiative; rows whose place leads nowhere, or to something else, are faults."""
    wanted: dict[UUID, list[LineFigures]] = {}
    faults = list[RowFault]()
    for line in extract.lines:
        node = places.standing.get(line.place)
        if node is None or Level(node.level) is not Level.INITIATIVE:
            why = places.unusable.get(line.place, f"nothing here is called “{line.place}”")
            told = f"“{node.name}” is a {Level(node.level).spoken}, and no initiative" if node else why
            faults.append(RowFault(line.file, line.line, None, None, f"{told[:1].upper()}{told[1:]}"))
            continue
        months = {series: dict(amounts) for series, amounts in line.months.items()}
        figures = LineFigures(line.kind, line.name, line.currency, line.recurring, months, line.baseline)
        wanted.setdefault(node.id, []).append(figures)
    return wanted, list(dict.fromkeys(faults))


async def _clear(
    work: Work, extract: TrackerExtract, speaks_of: Sequence[SpokenOf], wanted: dict[UUID, list[LineFigures]]
) -> None:
    """Add what the file no longer states: months that stand in its lines and series, at all initiatives of its system.

    Such a month becomes unknown. A line that no rule of the mapping could name stays as it is.
    """
    stated = {
        (node_id, *line.key, series): months
        for node_id, lines in wanted.items()
        for line in lines
        for series, months in line.months.items()
    }
    sql = """SELECT l.node_id, l.kind, l.name, l.currency, l.recurring, v.month, v.plan, v.actual
             FROM external_id e JOIN value_line l ON l.node_id = e.node_id JOIN month_value v ON v.line_id = l.id
             WHERE e.organization_id = :organization AND e.system = :system"""
    gone: dict[UUID, dict[LineName, tuple[dict[str, Any], dict[Series, dict[Month, None]]]]] = {}
    for row in await rows(work.db, sql, organization=work.organization.id, system=extract.system):
        key, month = (ValueKind(row["kind"]), row["name"].casefold()), Month(row["month"])
        for series in (Series.PLAN, Series.ACTUAL):
            stands = row[series.value.lower()] is not None
            known = stands and any(one.holds(key[0], row["name"], series) for one in speaks_of)
            if known and month not in stated.get((row["node_id"], *key, series), {}):
                _, months = gone.setdefault(row["node_id"], {}).setdefault(key, (row, {}))
                months.setdefault(series, {})[month] = None
    for node_id, lines in gone.items():
        for (kind, _), (row, cleared) in lines.items():
            wanted.setdefault(node_id, []).append(
                LineFigures(kind, row["name"], row["currency"], bool(row["recurring"]), cleared)
            )


def _left(brought: Brought, places: Places, lines: Iterable[WantedLine]) -> list[RowFault]:
    """What the law barred, at the row where the line was met first."""
    met: dict[tuple[UUID, LineName], WantedLine] = {}
    by_node: dict[UUID, WantedLine] = {}
    for line in lines:
        node = places.standing.get(line.place)
        if isinstance(node, Node):
            met.setdefault((node.id, (line.kind, line.name.casefold())), line)
            by_node.setdefault(node.id, line)
    faults = []
    for node_id, key, reason in brought.left:
        at = met.get((node_id, key)) or by_node.get(node_id)
        file, number = (at.file, at.line) if at else ("", 0)
        faults.append(RowFault(file, number, None, at.name if at else None, reason))
    return faults
