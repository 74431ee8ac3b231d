"""Which plan a deal belongs to, what sellers spend their time on, and what they can bring (law §5), stored."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Level, Standing
from server.domain.matching import Rule, Rulebook, Traits
from server.domain.people import Role
from server.domain.rights import Situation, may
from server.domain.stages import Stage
from server.models.database import rows
from server.models.row import Thing, Versioned, refers_to
from server.models.submissions import Opened, open_submissions


class MatchingRule(Thing):
    """Deals of these properties belong to this plan, and what is empty does not restrict it.

    Lower positions come first.
    """

    position = fields.IntField()
    node = refers_to("Node", db_index=True)
    node_id: UUID
    product = fields.CharField(max_length=200, null=True)
    product_group = fields.CharField(max_length=200, null=True)
    territory = fields.CharField(max_length=200, null=True)
    account = fields.CharField(max_length=200, null=True)
    account_group = fields.CharField(max_length=200, null=True)
    seller = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "matching_rule"


class SalesActivity(Thing):
    """A call, a visit, an hour of a seller's time: what was done, not what it brought.

    Without a plan it is an orphan.
    """

    node = refers_to("Node", null=True, db_index=True)
    node_id: UUID | None
    system = fields.CharField(max_length=80)
    external_id = fields.CharField(max_length=200)
    kind = fields.CharField(max_length=80)
    date = fields.DateField()
    month = fields.IntField()
    minutes = fields.IntField(null=True)
    seller = fields.CharField(max_length=200, null=True)
    account = fields.CharField(max_length=200, null=True)
    account_group = fields.CharField(max_length=200, null=True)
    product = fields.CharField(max_length=200, null=True)
    product_group = fields.CharField(max_length=200, null=True)
    territory = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "sales_activity"
        unique_together = (("organization", "system", "external_id"),)


class Capacity(Versioned):
    """What a seller can be expected to bring a plan in a month, in minor units of the reporting currency."""

    row = fields.BigIntField(primary_key=True, generated=True)
    node = refers_to("Node")
    node_id: UUID
    seller = fields.CharField(max_length=200)
    month = fields.IntField()
    units = fields.BigIntField()

    class Meta:
        table = "capacity"
        unique_together = (("node", "seller", "month"),)


async def rulebook(db: BaseDBAsyncClient, organization_id: UUID) -> Rulebook:
    """All matching rules of an organization, each with why its plan takes no results now, where it takes none."""
    sql = """SELECT r.*, n.name AS plan_name FROM matching_rule r JOIN node n ON n.id = r.node_id
             WHERE r.organization_id = :organization"""
    found = await rows(db, sql, organization=organization_id)
    closed = await closed_plans(db, {row["node_id"] for row in found}) if found else {}
    return Rulebook(as_rule(row, closed.get(row["node_id"])) for row in found)


def as_rule(row: dict[str, Any], closed: str | None = None) -> Rule:
    """A stored rule, with the `plan_name` of its plan, as the law knows it."""
    return Rule(row["id"], row["position"], row["node_id"], row["plan_name"], Traits.of(row), closed)


async def closed_plans(db: BaseDBAsyncClient, plan_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Which of these sales plans take no results now, whoever brings them, and why. Two statements."""
    ids = list(plan_ids)
    opened = await open_submissions(db, ids)
    found = await rows(db, "SELECT id, stage, standing FROM node WHERE id IN :ids", ids=ids)
    verdicts = {row["id"]: may("recordResults", _at(row, opened.get(row["id"], Opened()))) for row in found}
    return {plan: verdict for plan, verdict in verdicts.items() if verdict is not True}


def _at(row: dict[str, Any], opened: Opened) -> Situation:
    """A sales plan's situation for somebody who has every right, so that only its stage and standing speak."""
    stage, standing = Stage(row["stage"]), Standing(row["standing"])
    return Situation(
        frozenset(Role), Level.SALES_PLAN, stage, standing, opened.own, opened.above, opened.purpose, scopes=None
    )
