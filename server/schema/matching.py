"""Matching rules, as spoken: which sales plan a deal belongs to, and why (law §5)."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.matching import PROPERTIES, MatchingScope, NearMiss, Rulebook, Traits, matched, nearest, shadow
from server.domain.rights import RULE_ACTS
from server.models.database import rows
from server.models.matching import as_rule, rulebook
from server.models.scope import seen
from server.schema import ids
from server.schema.acts import Permission, permissions
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.node import Node, resolves
from server.schema.scalars import Revision

if TYPE_CHECKING:
    from server.schema.cascade import SalesPlan
# The back edge to what imports us.
_SalesPlan = Annotated["SalesPlan", strawberry.lazy("server.schema.cascade")]

spoken(
    MatchingScope,
    "Which deals applying the rules looks at. What somebody placed by hand is never touched.",
    ORPHANS="Deals without a plan.",
    ALL_BY_RULE="Deals without a plan, and all that a rule has put where they are.",
)
HIDDEN_RULE = "A rule of a sales plan that you may not see takes it."


@strawberry.type(
    description="Deals of these properties belong to this sales plan. Letter case and blanks around a text do not "
    "matter; a property that is null does not restrict. Of the rules that match a deal the lowest position wins."
)
class MatchingRule(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    position: int = strawberry.field(description="Its place in the order: 1 is asked first.")
    product: str | None = strawberry.field(description="What is sold; null does not restrict.")
    product_group: str | None = strawberry.field(description="The product's group; null does not restrict.")
    territory: str | None = strawberry.field(description="Where; null does not restrict.")
    account: str | None = strawberry.field(description="The customer; null does not restrict.")
    account_group: str | None = strawberry.field(description="The customer's group; null does not restrict.")
    seller: str | None = strawberry.field(description="Who sells; null does not restrict.")
    sentence: str = strawberry.field(description="What it asks for, in words.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "MatchingRule":
        """The rule of a row."""
        properties = {name: row[name] for name in PROPERTIES}
        same = {"revision": row["revision"], "position": row["position"], "sentence": as_rule(row).sentence}
        return cls(id=ids.issue("rule", row["id"]), row=row, **same, **properties)

    @edge("The sales plan that it leads to.")
    async def plan(self, info: Info) -> _SalesPlan | None:
        """See the description."""
        return await _plan(info.context, self.row["node_id"])

    @edge("How many opportunities it has put where they are.")
    async def opportunity_count(self, info: Info) -> int:
        """See the description."""
        return await info.context.one(_placed, self.row["id"]) or 0

    @edge("Why its plan takes no results now, so that it is passed over; null: it takes part.")
    async def passed_over(self, info: Info) -> str | None:
        """See the description."""
        book = await book_of(info.context)
        return next((rule.closed for rule in book.rules if rule.id == self.row["id"]), None)

    @edge("An earlier rule that takes everything that this one could, so that it never gets a deal; null: none does.")
    async def shadowed_by(self, info: Info) -> "MatchingRule | None":
        """See the description."""
        earlier = shadow(as_rule(self.row), await book_of(info.context))
        return await rule_of(info.context, earlier.id) if earlier else None

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        from server.schema.cascade import node_rows  # noqa: PLC0415 — the back edge

        node = await info.context.one(node_rows, self.row["node_id"])
        return await permissions(info, node, RULE_ACTS) if node else []


@strawberry.type(description="The rule that nearly matched a deal that no rule takes, and what stood between them.")
class NearestRule:
    """See the description."""

    sentence: str = strawberry.field(description="Which rule it is, and in what it differs.")
    rule_id: strawberry.Private[UUID]

    @edge("The rule.")
    async def rule(self, info: Info) -> MatchingRule | None:
        """See the description."""
        return await rule_of(info.context, self.rule_id)


@strawberry.input(description="A deal, as far as rules look at it.")
class DealInput:
    """See the description."""

    product: str | None = strawberry.field(default=None, description="What is sold.")
    product_group: str | None = strawberry.field(default=None, description="The product's group.")
    territory: str | None = strawberry.field(default=None, description="Where.")
    account: str | None = strawberry.field(default=None, description="The customer.")
    account_group: str | None = strawberry.field(default=None, description="The customer's group.")
    seller: str | None = strawberry.field(default=None, description="Who sells.")

    def traits(self) -> Traits:
        """As the law knows it."""
        return Traits(**{name: getattr(self, name) for name in PROPERTIES})


@strawberry.type(description="Where a deal would go, and why.")
class MatchTest:
    """See the description."""

    because: str = strawberry.field(description="A sentence: this deal would go to …, because …")
    rule_id: strawberry.Private[UUID | None]
    near: strawberry.Private[NearMiss | None]

    @edge("The sales plan that it would go to; null: none, it would be kept as an orphan.")
    async def plan(self, info: Info) -> _SalesPlan | None:
        """See the description."""
        rule = await self.rule(info)
        return await _plan(info.context, rule.row["node_id"]) if rule else None

    @edge("The rule that takes it; null for none.")
    async def rule(self, info: Info) -> MatchingRule | None:
        """See the description."""
        return await rule_of(info.context, self.rule_id) if self.rule_id else None

    @edge("The rule that nearly matched, where none takes it; null where no rule has anything in common with it.")
    async def nearest(self, info: Info) -> NearestRule | None:
        """See the description."""
        return await _told(info.context, self.near)


async def tested(info: Info, deal: Traits) -> MatchTest:
    """Where a deal would go now. What belongs to a plan out of the viewer's sight is not named."""
    book = await book_of(info.context)
    found = matched(deal, book)
    if found is None:
        miss = "This deal would go to no plan and be kept as an orphan: no rule matches it."
        return MatchTest(because=miss, rule_id=None, near=nearest(deal, book))
    if await rule_of(info.context, found.rule.id) is None:
        return MatchTest(because=HIDDEN_RULE, rule_id=None, near=None)
    because = f"This deal would go to “{found.rule.plan}”, because {found.because}"
    return MatchTest(because=because, rule_id=found.rule.id, near=None)


async def nearest_of(context: Context, deal: Traits) -> NearestRule | None:
    """The rule that nearly matched an orphan."""
    return await _told(context, nearest(deal, await book_of(context)))


async def _told(context: Context, near: NearMiss | None) -> NearestRule | None:
    if near is None or await rule_of(context, near.rule.id) is None:
        return None
    return NearestRule(sentence=near.sentence, rule_id=near.rule.id)


async def rules_of(context: Context) -> list[MatchingRule]:
    """The rules of all plans that the viewer sees, in their order."""
    book = await book_of(context)
    found = [await rule_of(context, rule.id) for rule in book.rules]
    return [rule for rule in found if rule]


async def rule_of(context: Context, rule_id: UUID) -> MatchingRule | None:
    """A rule of a plan that the viewer sees."""
    row = await context.one(_rows, rule_id)
    return MatchingRule.of(row) if row else None


async def book_of(context: Context) -> Rulebook:
    """All rules, read once per execution."""
    return await context.one(_books, context.viewer.organization_id) or Rulebook(())


async def _plan(context: Context, plan_id: UUID) -> "SalesPlan | None":
    from server.schema.cascade import SalesPlan, node_of  # noqa: PLC0415 — the back edge

    plan = await node_of(context, plan_id)
    return plan if isinstance(plan, SalesPlan) else None


@resolves("rule")
async def _rule(context: Context, rule_id: UUID, _extra: bytes) -> Node | None:
    return await rule_of(context, rule_id)


async def _books(context: Context, organization_ids: list[UUID]) -> dict[UUID, Rulebook]:
    return {organization: await rulebook(context.db, organization) for organization in organization_ids}


async def _rows(context: Context, rule_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    sight, values = seen(context.viewer, "r.node_id")
    sql = f"""SELECT r.*, n.name AS plan_name FROM matching_rule r JOIN node n ON n.id = r.node_id
              WHERE r.organization_id = :organization AND r.id IN :ids AND {sight}"""
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=rule_ids, **values)
    return {row["id"]: row for row in found}


async def _placed(context: Context, rule_ids: list[UUID]) -> dict[UUID, int]:
    sql = """SELECT rule_id, COUNT(*) AS deals FROM opportunity
             WHERE organization_id = :organization AND rule_id IN :ids GROUP BY rule_id"""
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=rule_ids)
    return {row["rule_id"]: row["deals"] for row in found}
