"""The policy, as spoken: its versions, and what they demand."""

from typing import Any
from uuid import UUID

import strawberry

from server.domain.policy import Policy as Law
from server.domain.policy import PolicyState
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.policies import UNLOCKED, policy_in
from server.schema import ids
from server.schema.context import Context, Info
from server.schema.fields import spoken
from server.schema.node import Node, resolves
from server.schema.scalars import Revision

spoken(
    PolicyState,
    "Where a version of the policy stands.",
    DRAFT="Being written; anybody who may can change it.",
    PROPOSED="Handed to the executives; it does not change until they ratify or decline it.",
    IN_FORCE="Locked: what gates ask for now.",
    RETIRED="Locked, and replaced by a later version; what was submitted under it keeps it.",
)


@strawberry.type(description="A version of what the organization governs by.")
class Policy(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    version: int = strawberry.field(description="Its number; versions only go up. 0: the built-in standard, unlocked.")
    state: PolicyState = strawberry.field(description="Where it stands.")
    locked: bool = strawberry.field(description="Whether it was ratified. No gate opens before a policy is.")
    headline_kinds: list[ValueKind] = strawberry.field(description="The kinds whose sum is the headline value.")
    law: strawberry.Private[Law]
    row: strawberry.Private[dict[str, Any] | None]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Policy":
        """The policy of a row."""
        return cls._said(ids.issue("policy", row["id"]), policy_in(row), row)

    @classmethod
    def unlocked(cls, organization_id: UUID) -> "Policy":
        """The built-in standard, of an organization that has none in force; it goes by the organization's id."""
        return cls._said(ids.issue("policy", organization_id), UNLOCKED, None)

    @classmethod
    def _said(cls, global_id: strawberry.ID, law: Law, row: dict[str, Any] | None) -> "Policy":
        return cls(
            id=global_id,
            revision=Revision(row["revision"] if row else 0),
            version=law.version,
            state=PolicyState(row["state"]) if row else PolicyState.DRAFT,
            locked=law.locked,
            headline_kinds=list(law.headline_kinds),
            law=law,
            row=row,
        )


async def policies_of(context: Context) -> list[Policy]:
    """Every version, newest first."""
    sql = "SELECT * FROM policy_version WHERE organization_id = :organization ORDER BY version DESC"
    return [Policy.of(row) for row in await rows(context.db, sql, organization=context.viewer.organization_id)]


async def policy_shown(info: Info, policy_id: UUID) -> Policy:
    """A version that the viewer has just changed."""
    policy = await _policy(info.context, policy_id)
    if policy is None:
        raise LookupError(f"no policy {policy_id} after a change of it")
    return policy


@resolves("policy")
async def _found(context: Context, policy_id: UUID, _extra: bytes) -> Node | None:
    return await _policy(context, policy_id)


async def _policy(context: Context, policy_id: UUID) -> Policy | None:
    organization = context.viewer.organization_id
    if policy_id == organization:
        return Policy.unlocked(organization)
    sql = "SELECT * FROM policy_version WHERE id = :id AND organization_id = :organization"
    found = await rows(context.db, sql, id=policy_id, organization=organization)
    return Policy.of(found[0]) if found else None
