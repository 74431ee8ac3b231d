"""The writing half of `import crm`: an extract becomes people, nodes, sellers and results, all of it or nothing."""

from typing import Any

from server.actions.standing import refusal, require
from server.domain.refusals import RefusalCode
from server.domain.rights import Situation
from server.exchange.extract import Extract, Place
from server.exchange.finishing import Run, finish, refuse
from server.exchange.people import People, find_people
from server.exchange.places import Places, survey
from server.exchange.progress import Written
from server.exchange.recording import Recording
from server.exchange.report import ImportReport
from server.exchange.sellers import add_sellers
from server.live.work import Work
from server.models.cascade import Node


async def import_extract(
    work: Work,
    extract: Extract,
    progress: Written,
    *,
    run: Run,
) -> dict[str, Any]:
    """Find or make the people and nodes an extract needs, add its sellers to their plans, and record its deals.

    What stands is never renamed, moved or given to somebody else, and nobody is taken off a plan. Every node is made
    with the viewer's own rights.
    """
    await require(work, "importFile", None)
    people = await find_people(work, extract)
    places, forbidden = await survey(work, extract, people)
    forbidden += await _results_forbidden(work, extract, places, people)
    if forbidden:
        refuse(forbidden)
    known = await people.make_known(work, extract.system)
    sellers = dict(extract.sellers)
    sold = {place: names for place, names in sellers.items() if place not in places.missing}
    made = await places.make(work, people, sellers)
    added, notes = await add_sellers(work, places, sold)
    recorded = await Recording(work, extract, places, progress).run()
    report = ImportReport(
        read=extract.read,
        created=recorded.created,
        changed=recorded.changed,
        unchanged=recorded.unchanged,
        orphans=len(recorded.orphans),
        nodes_created=len(made),
        not_taken=(*extract.faults, *recorded.not_taken),
        dry_run=run.dry_run,
        people_created=known,
        sellers_added=added,
        kept_without_plan=tuple(recorded.orphans),
        nodes_made=tuple(made),
        notes=(*extract.notes, *notes),
    )
    return await finish(work, run, report)


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
