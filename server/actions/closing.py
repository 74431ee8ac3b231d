"""Closing an initiative: the stated amount joins the series of confirmed value (law §2: `domain.closing`)."""

from uuid import UUID

from server.actions.rates import plan_rates
from server.actions.values import write
from server.domain.cascade import Level
from server.domain.closing import booking, told
from server.domain.facts import FactKind
from server.domain.months import Month
from server.domain.rollups import spoken
from server.domain.values import Series
from server.live.work import Work
from server.models.cascade import Node
from server.models.closing import stated_at, to_close
from server.models.policies import policy_in_force
from server.models.values import ValueLine


async def book_closing(work: Work, node: Node, submission_id: UUID) -> str:
    """Book what the confirmed months lack of the amount that the controller has stated: a fact of its own.

    What is to be said of the closing besides: where there is no headline line, that nothing was booked. A sales plan
    confirms results, and has no value lines. Raises INVALID where no line's currency can express the difference.
    """
    stated = await stated_at(work.db, submission_id) if node.level == Level.INITIATIVE else None
    if stated is None:
        return ""
    kinds = (await policy_in_force(work.db, work.organization.id)).headline_kinds
    month = Month.containing(work.today)
    found = await to_close(work.db, node.id, kinds, month)
    if not found.lines:
        return f" {stated} is stated and nothing was booked: it has no line of {spoken(kinds)}."
    rates = await plan_rates(work, [line.currency for line in found.lines])
    booked = booking(node.name, stated, found.confirmed, found.lines, month, rates)
    if booked:
        line = await ValueLine.get(id=booked.line.id, using_db=work.db)
        await write(work, line, Series.CONFIRMED, [booked.change])
        await work.touch(line)
        sentence = told(booked, stated, node.name)
        await work.record(FactKind.VALUE_CONFIRMED, sentence, on=line, node_id=node.id)
    return ""
