"""What closing an initiative looks at: its headline lines, and what is confirmed of them (law §4)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.closing import ClosingLine
from server.domain.money import Money
from server.domain.months import Month
from server.domain.values import ValueKind
from server.models.database import rows


@dataclass(frozen=True, slots=True)
class ToClose:
    """The headline lines of an initiative, and what is confirmed of them all, in the reporting currency."""

    lines: tuple[ClosingLine, ...]
    confirmed: int


async def to_close(db: BaseDBAsyncClient, node_id: UUID, kinds: Collection[ValueKind], month: Month) -> ToClose:
    """An initiative's headline lines as they stand in a month."""
    sql = """SELECT l.id, l.name, l.currency, CAST(COALESCE(SUM(v.plan_reporting), 0) AS BIGINT) AS planned,
                    CAST(COALESCE(SUM(v.confirmed_reporting), 0) AS BIGINT) AS confirmed,
                    CAST(SUM(CASE WHEN v.month = :month THEN v.confirmed END) AS BIGINT) AS this_month
             FROM value_line l LEFT JOIN month_value v ON v.line_id = l.id
             WHERE l.node_id = :node AND l.kind IN :kinds GROUP BY l.id, l.name, l.currency ORDER BY l.id"""
    found = await rows(db, sql, node=node_id, kinds=sorted(kinds), month=int(month))
    lines = (ClosingLine(row["id"], row["name"], row["currency"], row["planned"], row["this_month"]) for row in found)
    return ToClose(tuple(lines), sum(row["confirmed"] for row in found))


async def stated_at(db: BaseDBAsyncClient, submission_id: UUID) -> Money | None:
    """The amount that a controller has stated with their GO on a submission; None where none was."""
    sql = """SELECT confirmed_units, confirmed_currency FROM decision WHERE submission_id = :submission
             AND outcome = 'GO' AND as_role = 'CONTROLLER' AND confirmed_units IS NOT NULL ORDER BY at DESC LIMIT 1"""
    found = await rows(db, sql, submission=submission_id)
    return Money(found[0]["confirmed_units"], found[0]["confirmed_currency"]) if found else None
