"""Budgets of portfolios, as spoken (law §1 and §4)."""

from typing import Annotated
from uuid import UUID

import strawberry

from server.domain import budgets as law
from server.models.database import rows
from server.models.spending import of_portfolios
from server.schema import ids
from server.schema.context import Context, Info
from server.schema.figures import Figure, reporting_currency
from server.schema.money import Money, priced
from server.schema.node import Node, resolves
from server.schema.scalars import Revision

FiscalYear = Annotated[
    int, strawberry.argument(description="The fiscal year, named after the calendar year in which it ends.")
]


@strawberry.type(description="What a portfolio may spend in a fiscal year.")
class Budget(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    fiscal_year: int = strawberry.field(description="The fiscal year, named after the calendar year in which it ends.")
    amount: Money | None = strawberry.field(description="The budget; null for viewers who may not read money.")

    @classmethod
    def of(cls, one: law.Budget, currency: str) -> "Budget":
        """A budget of the law."""
        return cls(
            id=ids.issue("budget", one.id),
            revision=Revision(one.revision),
            fiscal_year=one.fiscal_year,
            amount=Money.of(one.units, currency),
        )


async def budgets_of(info: Info, portfolio: UUID) -> list[Budget]:
    """The budgets of a portfolio, by fiscal year."""
    currency = await reporting_currency(info.context)
    return [Budget.of(one, currency) for one in await info.context.one(_of_portfolios, portfolio) or ()]


async def budget_figure(info: Info, portfolio: UUID, fiscal_year: int) -> Figure:
    """A portfolio's budget of a fiscal year, explained."""
    every = await info.context.one(_of_portfolios, portfolio) or ()
    found = next((one for one in every if one.fiscal_year == fiscal_year), None)
    currency, readable = await reporting_currency(info.context), await priced(info.context, portfolio)
    return Figure.of(law.of_year(found, fiscal_year, currency, readable=readable))


async def _of_portfolios(context: Context, node_ids: list[UUID]) -> dict[UUID, list[law.Budget]]:
    return await of_portfolios(context.db, context.viewer, node_ids)


@resolves("budget")
async def _budget(context: Context, budget_id: UUID, _extra: bytes) -> Node | None:
    portfolio = await context.one(_portfolios, budget_id)
    every = await context.one(_of_portfolios, portfolio) or () if portfolio else ()
    found = next((one for one in every if one.id == budget_id), None)
    return Budget.of(found, await reporting_currency(context)) if found else None


async def _portfolios(context: Context, budget_ids: list[UUID]) -> dict[UUID, UUID]:
    sql = "SELECT id, node_id FROM budget WHERE id IN :ids AND organization_id = :organization"
    found = await rows(context.db, sql, ids=budget_ids, organization=context.viewer.organization_id)
    return {row["id"]: row["node_id"] for row in found}
