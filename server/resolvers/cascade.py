"""Asking for and changing the cascade."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from server.actions import cascade as actions
from server.domain.cascade import Level
from server.domain.refusals import RefusalCode, Refused
from server.resolvers.inputs import UNSET, Changing, Retryable, optional, result
from server.schema import ids
from server.schema.cascade import (
    CascadeNode,
    Initiative,
    Objective,
    Portfolio,
    Program,
    SalesPlan,
    connection,
    node_of,
)
from server.schema.connections import After, Connection, First
from server.schema.context import Info
from server.schema.fields import edge
from server.schema.lists import CascadeFilter, CascadeOrder
from server.schema.money import MoneyInput
from server.schema.node import Node, find
from server.schema.past import AsOf, AsOfTime, context_of, info_of
from server.schema.refusals import Refusal, change, given, mutation

MOST_NODES = 100
OneId = Annotated[strawberry.ID, strawberry.argument(description="The id that the API gave.")]
SeveralIds = Annotated[list[strawberry.ID], strawberry.argument(description="Ids that the API gave.")]
Text = Annotated[str, strawberry.argument(description="Part of the name, whatever its case.")]
Made = TypeVar("Made", bound=CascadeNode)


@strawberry.input(description="How another system calls a node.")
class ExternalIdInput:
    """See the description."""

    system: str = strawberry.field(description="The other system.")
    id: str = strawberry.field(description="Its id there.")


@strawberry.input
class Common(Retryable):
    """The fields that every node has."""

    description: str | None = optional("What it is about.")
    owner: strawberry.ID | None = optional("The person who answers for it; left out at creation: who creates it.")
    business_unit: str | None = optional("The unit of the organization that it belongs to.")
    tags: list[str] | None = optional("Free words to find it by.")
    external_ids: list[ExternalIdInput] | None = optional("How other systems call it.")

    def fields(self) -> dict[str, Any]:
        """What the caller wrote, under the names that the actions know."""
        owner = ids.expect_given("person", self.owner, "owner")
        external = [(each.system, each.id) for each in self.external_ids or ()]
        return given(
            description=self.description,
            owner=owner,
            businessUnit=self.business_unit,
            tags=self.tags,
            externalIds=UNSET if self.external_ids is UNSET else external,
        )


@strawberry.input
class ObjectiveFields(Common):
    """What objectives add."""

    hypothesis: str | None = optional("Of an objective: why this should work.")
    metric: str | None = optional("Of an objective: what it is measured by.")
    target: Decimal | None = optional("Of an objective: the value the metric shall reach.")
    target_date: date | None = optional("Of an objective: by when.")

    def fields(self) -> dict[str, Any]:
        """See Common."""
        own = given(hypothesis=self.hypothesis, metric=self.metric, target=self.target, targetDate=self.target_date)
        return super().fields() | own


@strawberry.input
class MeasureFields(Common):
    """What measures add."""

    sponsor: strawberry.ID | None = optional("Of a measure: the person who decides for the business.")
    controller: strawberry.ID | None = optional("Of a measure: the person who confirms its value; never its owner.")
    estimated_value: MoneyInput | None = optional("Of a measure: its estimated size.")
    risks: str | None = optional("Of a measure: what may go wrong.")
    overlaps: str | None = optional('Of a measure: what it overlaps with, or "none".')
    gap_explanation: str | None = optional("Of a measure: why quota falls short of the planned revenue, where it does.")
    variance_explanation: str | None = optional("Of a measure: why actual and plan differ, for closing.")
    sellers: list[str] | None = optional("Of a sales plan: everyone who sells under it.")

    def fields(self) -> dict[str, Any]:
        """See Common."""
        estimate = self.estimated_value
        return super().fields() | given(
            sponsor=ids.expect_given("person", self.sponsor, "sponsor"),
            controller=ids.expect_given("person", self.controller, "controller"),
            estimatedValue=(estimate.amount, str(estimate.currency)) if estimate else estimate,
            risks=self.risks,
            overlaps=self.overlaps,
            gapExplanation=self.gap_explanation,
            varianceExplanation=self.variance_explanation,
            sellers=self.sellers,
        )


@strawberry.input(description="A new objective, at the top or under another objective.")
class CreateObjectiveInput(ObjectiveFields):
    """See the description."""

    name: str = strawberry.field(description="Its name.")
    parent: strawberry.ID | None = strawberry.field(
        default=None, description="The objective it sits under; none: the top."
    )


@strawberry.input(description="A new portfolio under an objective.")
class CreatePortfolioInput(Common):
    """See the description."""

    name: str = strawberry.field(description="Its name.")
    parent: strawberry.ID = strawberry.field(description="The objective it sits under.")


@strawberry.input(description="A new program under a portfolio.")
class CreateProgramInput(Common):
    """See the description."""

    name: str = strawberry.field(description="Its name.")
    parent: strawberry.ID = strawberry.field(description="The portfolio it sits under.")


@strawberry.input(description="A new initiative under a program. It begins at DEFINED.")
class CreateInitiativeInput(MeasureFields):
    """See the description."""

    name: str = strawberry.field(description="Its name.")
    parent: strawberry.ID = strawberry.field(description="The program it sits under.")


@strawberry.input(description="A new sales plan under an initiative. It begins at DEFINED.")
class CreateSalesPlanInput(MeasureFields):
    """See the description."""

    name: str = strawberry.field(description="Its name.")
    parent: strawberry.ID = strawberry.field(description="The initiative it sits under.")


@strawberry.input(description="What to change of a node: a field left out stays as it is, null clears it.")
class EditNodeInput(ObjectiveFields, MeasureFields, Changing):
    """See the description."""

    node: strawberry.ID = strawberry.field(description="The node.")
    name: str | None = optional("Its name.")


@strawberry.input(description="Where to put a node, with all that is below it.")
class MoveNodeInput(Changing):
    """See the description."""

    node: strawberry.ID = strawberry.field(description="The node.")
    parent: strawberry.ID | None = strawberry.field(default=None, description="What it shall sit under; none: the top.")


@strawberry.input(description="An objective, a portfolio or a program to give up.")
class CancelNodeInput(Changing):
    """See the description."""

    node: strawberry.ID = strawberry.field(description="The node; no measure below it may be open.")
    reason: str = strawberry.field(description="Why.")


ObjectiveResult = Annotated[Objective | Refusal, result("CreateObjectiveResult")]
PortfolioResult = Annotated[Portfolio | Refusal, result("CreatePortfolioResult")]
ProgramResult = Annotated[Program | Refusal, result("CreateProgramResult")]
InitiativeResult = Annotated[Initiative | Refusal, result("CreateInitiativeResult")]
SalesPlanResult = Annotated[SalesPlan | Refusal, result("CreateSalesPlanResult")]
_AnyNode = Objective | Portfolio | Program | Initiative | SalesPlan | Refusal
EditNodeResult = Annotated[_AnyNode, result("EditNodeResult")]
MoveNodeResult = Annotated[_AnyNode, result("MoveNodeResult")]
CancelNodeResult = Annotated[Objective | Portfolio | Program | Refusal, result("CancelNodeResult")]


async def shown_node(info: Info, node_id: UUID) -> Any:
    """The node that was just changed."""
    return await node_of(info.context, node_id)


async def _create(info: Info, level: Level, kind: type[Made], asked: Any) -> Made:
    fields = asked.fields() | {"name": asked.name}
    parent = ids.expect_given("node", asked.parent, "parent")
    key = asked.idempotency_key
    made = await change(info, actions.create_node, shown_node, key, level=level, parent=parent, fields=fields)
    assert isinstance(made, kind)  # noqa: S101 — the level decides the type
    return made


@strawberry.type
class CascadeQuery:
    """Asking for nodes of any kind."""

    @edge("Anything by its id; null for what does not exist or may not be seen.")
    async def node(
        self,
        info: Info,
        id: OneId,  # noqa: A002 — the contract's word
        as_of: AsOf = None,
        as_of_time: AsOfTime = None,
    ) -> Node | None:
        """See the description."""
        _ = info.context.viewer
        return await find(await context_of(info, as_of, as_of_time), id)

    @edge("Several things by their ids, in their order; at most 100.")
    async def nodes(
        self, info: Info, ids: SeveralIds, as_of: AsOf = None, as_of_time: AsOfTime = None
    ) -> list[Node | None]:
        """See the description."""
        _ = info.context.viewer
        if len(ids) > MOST_NODES:
            raise Refused(RefusalCode.INVALID, f"{len(ids)} ids are too many; ask for {MOST_NODES} at a time.", ["ids"])
        context = await context_of(info, as_of, as_of_time)
        return await asyncio.gather(*(find(context, each) for each in ids))

    @edge("Nodes of the cascade whose name holds a text.")
    async def search(
        self,
        info: Info,
        text: Text,
        first: First = 20,
        after: After = None,
        as_of: AsOf = None,
        as_of_time: AsOfTime = None,
    ) -> Connection[CascadeNode]:
        """See the description."""
        then = await info_of(info, as_of, as_of_time)
        return await connection(then, None, first, after, CascadeFilter(search=text), CascadeOrder.NAME, deep=True)


@strawberry.type
class CascadeMutation:
    """Changing the cascade."""

    @mutation("Create an objective.")
    async def create_objective(self, info: Info, input: CreateObjectiveInput) -> ObjectiveResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _create(info, Level.OBJECTIVE, Objective, input)

    @mutation("Create a portfolio.")
    async def create_portfolio(self, info: Info, input: CreatePortfolioInput) -> PortfolioResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _create(info, Level.PORTFOLIO, Portfolio, input)

    @mutation("Create a program.")
    async def create_program(self, info: Info, input: CreateProgramInput) -> ProgramResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _create(info, Level.PROGRAM, Program, input)

    @mutation("Create an initiative.")
    async def create_initiative(self, info: Info, input: CreateInitiativeInput) -> InitiativeResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _create(info, Level.INITIATIVE, Initiative, input)

    @mutation("Create a sales plan.")
    async def create_sales_plan(self, info: Info, input: CreateSalesPlanInput) -> SalesPlanResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _create(info, Level.SALES_PLAN, SalesPlan, input)

    @mutation("Change fields of a node.")
    async def edit_node(self, info: Info, input: EditNodeInput) -> EditNodeResult:  # noqa: A002 — Relay's word
        """See the description."""
        node, fields = ids.expect("node", input.node, "node"), input.fields() | given(name=input.name)
        expected = input.expected_revision
        edit = actions.edit_node
        return await change(
            info, edit, shown_node, input.idempotency_key, node=node, fields=fields, expected_revision=expected
        )

    @mutation("Put a node under another parent, with all that is below it.")
    async def move_node(self, info: Info, input: MoveNodeInput) -> MoveNodeResult:  # noqa: A002 — Relay's word
        """See the description."""
        node = ids.expect("node", input.node, "node")
        parent = ids.expect_given("node", input.parent, "parent")
        expected = input.expected_revision
        move = actions.move_node
        return await change(
            info, move, shown_node, input.idempotency_key, node=node, parent=parent, expected_revision=expected
        )

    @mutation("Cancel an objective, a portfolio or a program.")
    async def cancel_node(self, info: Info, input: CancelNodeInput) -> CancelNodeResult:  # noqa: A002 — Relay's word
        """See the description."""
        node = ids.expect("node", input.node, "node")
        expected, key = input.expected_revision, input.idempotency_key
        cancel = actions.cancel_node
        return await change(info, cancel, shown_node, key, node=node, reason=input.reason, expected_revision=expected)
