"""The writing half of `import crm`: an extract becomes people, nodes, sellers and results, all of it or nothing."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, NoReturn
from uuid import UUID

from server.actions.cascade import edit_node
from server.actions.standing import refusal, require, situation
from server.domain.cascade import Level, a
from server.domain.people import Viewer
from server.domain.refusals import RefusalCode, Refused
from server.domain.rights import Situation, may, standing_at
from server.exchange.crm import read_extract
from server.exchange.extract import Extract, Place
from server.exchange.people import People, find_people
from server.exchange.places import Places, survey
from server.exchange.recording import Recording
from server.exchange.report import ImportReport
from server.live.work import Work, perform
from server.models.cascade import Node

Progress = Callable[[int, int | None], None]
"""Told how many rows are done, of how many; of None while the files are still being read."""

_NEEDED = {f"create{level.title().replace('_', '')}": f"create {a(level)}" for level in Level}
_NEEDED |= {"editNode": "add sellers to a sales plan", "recordResults": "record results"}


class _Undone(Exception):
    """Raised at the end of a dry run, so that its transaction is rolled back."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


async def import_files(
    viewer: Viewer,
    files: dict[str, bytes],
    mapping: str,
    *,
    at: datetime,
    key: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Read files (name → bytes) as the YAML text `mapping` says and take in what they hold, in one transaction.

    A dry run does all of it, reports, and leaves nothing behind. Raises `Refused`: INVALID for a mapping or a file that
    cannot be used, FORBIDDEN where a right is missing.
    """
    told = progress or (lambda _done, _all: None)
    refused = refusal("importFile", standing_at(viewer, frozenset()), "This import")
    if refused:  # before the work of reading; the verb asks again under the lock
        raise refused
    extract = await asyncio.to_thread(read_extract, files, mapping, lambda done: told(done, None))
    total = len(extract.opportunities)
    named: dict[str, Any] = {"digest": _digest(files, mapping), "dry_run": dry_run}
    try:
        kept = await perform(viewer, import_extract, at, key, extract, lambda done: told(done, total), **named)
    except _Undone as undone:
        return undone.report
    return ImportReport.restored(kept)


def _digest(files: dict[str, bytes], mapping: str) -> str:
    """What tells one import from another under the same idempotency key."""
    digest = sha256(mapping.encode("utf-8", "surrogatepass"))
    for name in sorted(files):
        digest.update(f"\0{name}\0".encode("utf-8", "surrogatepass") + sha256(files[name]).digest())
    return digest.hexdigest()


async def import_extract(
    work: Work,
    extract: Extract,
    progress: Callable[[int], None],
    *,
    digest: str,  # noqa: ARG001 — `perform` tells retries apart by it
    dry_run: bool,
) -> dict[str, Any]:
    """Find or make the people and nodes an extract needs, add its sellers to their plans, and record its deals.

    What stands is never renamed, moved or given to somebody else, and nobody is taken off a plan. Every node is made
    with the viewer's own rights. `digest` is what was read; a retry under the same key is known by it.
    """
    await require(work, "importFile", None)
    people = await find_people(work, extract)
    places, forbidden = await survey(work, extract, people)
    forbidden += await _results_forbidden(work, extract, places, people)
    if forbidden:
        _refuse(forbidden)
    known = await people.make_known(work, extract.system)
    sellers = dict(extract.sellers)
    sold = {place: names for place, names in sellers.items() if place not in places.missing}
    made = await places.make(work, people, sellers)
    added, notes = await _add_sellers(work, places, sold)
    recorded = await Recording(work, extract, places, progress).run()
    report = ImportReport(
        read=extract.read,
        created=recorded.created,
        changed=recorded.changed,
        unchanged=recorded.unchanged,
        orphans=len(recorded.orphans),
        nodes_created=len(made),
        not_taken=(*extract.faults, *recorded.not_taken),
        dry_run=dry_run,
        people_created=known,
        sellers_added=added,
        kept_without_plan=tuple(recorded.orphans),
        nodes_made=tuple(made),
        notes=(*extract.notes, *notes),
    )
    if dry_run:
        raise _Undone(report)
    return report.stored()


async def _results_forbidden(
    work: Work, extract: Extract, places: Places, people: People
) -> list[tuple[str, Situation]]:
    """The acts on sales plans, and on what has none, that this import needs and only others may do."""
    asked: list[tuple[str, Place | None]] = []
    for place in dict.fromkeys(deal.plan for deal in extract.opportunities):
        usable = place is not None and not isinstance(places.plan(place), str)
        asked.append(("recordResults", place if usable else None))
    for place, names in extract.sellers.items():
        plan = places.plan(place)
        if isinstance(plan, Node) and set(names) - set(plan.sellers):
            asked.append(("editNode", place))
    found = []
    for act, place in dict.fromkeys(asked):
        here = await places.situation(work, people, place)
        refused = refusal(act, here, "")
        if refused and refused.code is RefusalCode.FORBIDDEN:
            found.append((act, here))
    return found


def _refuse(forbidden: Iterable[tuple[str, Situation]]) -> NoReturn:
    """One sentence with every act that is not open to who imports, and who may do it."""
    reasons = dict[str, str]()
    for act, here in forbidden:
        why = str(may(act, here)).rstrip(".")
        reasons.setdefault(act, f"to {_NEEDED[act]} ({why[:1].lower()}{why[1:]})")
    needed = "; ".join(reasons.values())
    message = f"This import needs rights that you do not hold: {needed}. Ask for a seat, or ask one of them to import."
    raise Refused(RefusalCode.FORBIDDEN, message, details=list(reasons.values()))


async def _add_sellers(work: Work, places: Places, sellers: dict[Place, tuple[str, ...]]) -> tuple[int, list[str]]:
    """Add who sells to plans that stood; how many were added, and what is left to say."""
    by_plan: dict[UUID, tuple[Node, dict[str, None]]] = {}
    notes, added = list[str](), 0
    for place, names in sellers.items():
        plan = places.plan(place)
        if isinstance(plan, Node):
            by_plan.setdefault(plan.id, (plan, {}))[1].update(dict.fromkeys(names))
        else:
            notes.append(f"Sellers on no plan, because {plan}: {', '.join(names)}.")
    for plan, wanted in by_plan.values():
        new = [name for name in wanted if name not in plan.sellers]
        refused = refusal("editNode", await situation(work, plan), plan.name) if new else None
        if refused:
            notes.append(f"Sellers not added: {', '.join(new)}. {refused.message}")
        elif new:
            await edit_node(work, node=plan.id, fields={"sellers": [*plan.sellers, *new]})
            added += len(new)
    return added, notes
