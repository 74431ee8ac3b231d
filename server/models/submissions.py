"""Reading submissions with their votes, for any number of measures: two statements, three with who stands in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cases import Party
from server.domain.money import masked
from server.domain.people import Role
from server.domain.purposes import Purpose
from server.domain.stages import Stage
from server.domain.votes import Cast, Decider, DecisionOutcome, Submitted
from server.models.database import rows
from server.models.delegations import loans

_SUBMISSIONS = """SELECT s.*, n.name AS measure_name, p.name AS submitter_name
    FROM submission s JOIN node n ON n.id = s.node_id JOIN person p ON p.id = s.submitted_by_id
    WHERE s.organization_id = :organization AND s.{column} IN :ids ORDER BY s.id DESC"""
_DECISIONS = """SELECT d.*, p.name AS voter_name, lender.name AS lender_name FROM decision d
    JOIN person p ON p.id = d.by_id LEFT JOIN person lender ON lender.id = d.on_behalf_of_id
    WHERE d.submission_id IN :ids ORDER BY d.id"""


async def submissions(
    db: BaseDBAsyncClient,
    organization_id: UUID,
    ids: Iterable[UUID],
    *,
    column: str = "node_id",
    lent_on: date | None = None,
) -> list[dict[str, Any]]:
    """The submissions of measures (with `column` id: these themselves), newest first, each with its `decisions`.

    `lent_on` is the day whose delegations count: open ones come with the `loans` in force there. Whoever asks who may
    vote gives it.
    """
    found = await rows(db, _SUBMISSIONS.format(column=column), organization=organization_id, ids=list(ids))
    if not found:
        return []
    decisions: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await rows(db, _DECISIONS, ids=[each["id"] for each in found]):
        decisions[row["submission_id"]].append(row)
    waiting = {row["node_id"] for row in found if row["ended_at"] is None}
    lent = await loans(db, organization_id, waiting, lent_on) if lent_on and waiting else {}
    return [
        row
        | {"decisions": decisions[row["id"]], "loans": lent.get(row["node_id"], ()) if row["ended_at"] is None else ()}
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Opened:
    """What is open at a measure: the stage that is asked for and why, and the gate at which its initiative waits."""

    own: Stage | None = None
    purpose: Purpose = Purpose.GATE
    above: Stage | None = None


async def open_submissions(db: BaseDBAsyncClient, node_ids: Iterable[UUID]) -> dict[UUID, Opened]:
    """What is open at each node, and at which gate what it stands right under is submitted. One statement."""
    sql = """SELECT b.descendant_id, b.depth, s."into", s.purpose
             FROM branch b JOIN submission s ON s.node_id = b.ancestor_id
             WHERE b.descendant_id IN :ids AND b.depth <= 1 AND s.ended_at IS NULL"""
    found: dict[UUID, Opened] = {}
    for row in await rows(db, sql, ids=list(node_ids)):
        so_far = found.get(row["descendant_id"], Opened())
        into, purpose = Stage(row["into"]), Purpose(row["purpose"])
        if not row["depth"]:
            found[row["descendant_id"]] = replace(so_far, own=into, purpose=purpose)
        elif purpose is Purpose.GATE:
            found[row["descendant_id"]] = replace(so_far, above=into)
    return found


def submitted(row: dict[str, Any]) -> Submitted:
    """A submission of `submissions` as the law sees it."""
    return Submitted(
        measure=row["measure_name"],
        into=Stage(row["into"]),
        submitter=Party(row["submitted_by_id"], row["submitter_name"]),
        deciders=revived(row["deciders"]),
        votes=tuple(
            Cast(
                Party(each["by_id"], each["voter_name"]),
                Role(each["as_role"]),
                DecisionOutcome(each["outcome"]),
                each["at"],
                Party(each["on_behalf_of_id"], each["lender_name"]) if each["on_behalf_of_id"] else None,
            )
            for each in row["decisions"]
        ),
        outcome=DecisionOutcome(row["outcome"]) if row["outcome"] else None,
        retracted=row["retracted"],
        ended_at=row["ended_at"],
        purpose=Purpose(row["purpose"]),
        loans=row["loans"],
    )


def snapshot(deciders: Iterable[Decider]) -> list[dict[str, Any]]:
    """Deciders as they are kept with a submission."""
    return [
        {
            "role": each.role.value,
            "needed": each.needed,
            "states_amount": each.states_amount,
            "documented": each.documented,
            "people": [{"id": str(party.id), "name": party.name} for party in each.people],
        }
        for each in deciders
    ]


def revived(kept: Iterable[dict[str, Any]]) -> tuple[Decider, ...]:
    """The deciders of a snapshot."""
    return tuple(
        Decider(
            role=Role(each["role"]),
            people=tuple(Party(UUID(party["id"]), party["name"]) for party in each["people"]),
            needed=each["needed"],
            states_amount=each["states_amount"],
            documented=each.get("documented", False),  # snapshots of before it was asked have none
        )
        for each in kept
    )


def unpriced(row: dict[str, Any]) -> dict[str, Any]:
    """A submission of `submissions` without its amounts, for who may not read them (law §3: money)."""
    return row | {
        "criteria": [each | {"sentence": masked(each["sentence"])} for each in row["criteria"]],
        "figures": [each | {"value": masked(each["value"])} for each in row["figures"]],
        "decisions": [each | {"confirmed_units": None} for each in row["decisions"]],
    }
