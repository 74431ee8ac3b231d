"""Budgets of portfolios by fiscal year: the portfolio lead's (law §1 and §3)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.actions.standing import require
from server.domain.budgets import BudgetAmount, check_budgets
from server.domain.facts import FactKind
from server.domain.money import Money
from server.domain.refusals import Faults
from server.live.work import Work
from server.models.budgets import Budget
from server.models.cascade import Node

_Wanted = dict[int, int | None]


async def set_budget(
    work: Work, *, portfolio: UUID, fiscal_year: int, amount: Decimal | None, expected_revision: int | None = None
) -> UUID:
    """Set what a portfolio may spend in a fiscal year, in the reporting currency; None takes the budget away."""
    node = await work.node(portfolio, "portfolio")
    await require(work, "setBudget", node)
    work.fresh(node, expected_revision, node.name)
    await set_budgets(work, budgets=[BudgetAmount(portfolio, fiscal_year, amount)])
    return node.id


async def set_budgets(work: Work, *, budgets: Sequence[BudgetAmount]) -> dict[str, Any]:
    """Set many at once, all of them or none: one fact for each portfolio. How many `changed`.

    A budget that stays as it is records nothing.
    """
    faults = Faults()
    wanted = check_budgets(budgets, work.organization.reporting_currency, faults)
    faults.refuse_if_any()
    by_portfolio: dict[UUID, _Wanted] = {}
    for (portfolio, year), units in wanted.items():
        by_portfolio.setdefault(portfolio, {})[year] = units
    stored: dict[UUID, list[Budget]] = {portfolio: [] for portfolio in by_portfolio}
    for row in await Budget.filter(node_id__in=list(by_portfolio)).using_db(work.db):
        stored[row.node_id].append(row)
    changed = 0
    for portfolio, years in by_portfolio.items():
        node = await work.node(portfolio, "portfolio")
        await require(work, "setBudget", node)
        changed += await _write(work, node, years, {row.fiscal_year: row for row in stored[portfolio]})
    return {"changed": changed}


async def _write(work: Work, node: Node, wanted: _Wanted, stored: dict[int, Budget]) -> int:
    told = []
    for year, units in sorted(wanted.items()):
        row = stored.get(year)
        before = row.units if row else None
        if units == before:
            continue
        await _store(work, node, year, units, row)
        told.append(_told(year, before, units, work.organization.reporting_currency))
    if told:
        await work.touch(node)
        await work.record(FactKind.BUDGET_CHANGED, f"{'; '.join(told)} of “{node.name}”.", on=node)
    return len(told)


async def _store(work: Work, node: Node, year: int, units: int | None, row: Budget | None) -> None:
    if units is None and row:
        await work.drop(row)
    elif units is not None and row:
        await work.alter(row, units=units)
    elif units is not None:
        organization = work.organization
        made = Budget(organization_id=organization.id, node_id=node.id, fiscal_year=year, units=units)
        made.currency = organization.reporting_currency
        await work.add(made)


def _told(year: int, before: int | None, after: int | None, currency: str) -> str:
    what = f"the fiscal year {year} budget"
    if after is None:
        return f"took away {what}, which was {Money(before or 0, currency)},"
    if before is None:
        return f"set {what} to {Money(after, currency)}"
    return f"changed {what} from {Money(before, currency)} to {Money(after, currency)}"
