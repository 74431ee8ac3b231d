"""The policy, as spoken: its versions, what they demand, what they change, and what may be done with them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.domain.policy import Policy as Law
from server.domain.policy import PolicyState
from server.domain.policy_differences import differences
from server.domain.policy_faults import faults
from server.domain.policy_fit import faults_here
from server.domain.policy_way import NEEDS, Version, why_not
from server.domain.refusals import not_found
from server.domain.rights import may, standing_at
from server.domain.stages import STAGES
from server.domain.values import ValueKind
from server.domain.wording import spoken_path
from server.exchange.policy_reading import lines_of
from server.exchange.policy_writing import write_policy
from server.models.cases import seated
from server.models.database import rows
from server.models.policies import UNLOCKED, policy_in
from server.schema import ids
from server.schema.acts import Permission
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.node import Node, resolves
from server.schema.people import Person, person_of
from server.schema.policy_simulation import PolicySimulation, simulation
from server.schema.policy_tables import (
    PolicyCadence,
    PolicyGate,
    PolicyLevel,
    PolicyLights,
    PolicyStage,
    cadence_of,
    levels_in,
    lights_of,
    stages_of,
)
from server.schema.scalars import Currency, Revision

_OPEN = {PolicyState.DRAFT, PolicyState.PROPOSED}
From = Annotated[
    strawberry.ID | None,
    strawberry.argument(name="from", description="The version to compare with; default: see the field."),
]

spoken(
    PolicyState,
    "Where a version of the policy stands.",
    DRAFT="Being written; anybody who may can change it.",
    PROPOSED="Handed to the executives; it does not change until they ratify or decline it.",
    IN_FORCE="Locked: what gates ask for now.",
    RETIRED="Locked, and replaced by a later version; what was submitted under it keeps it.",
)


@strawberry.type(description="One fault of a policy; it is proposed without any.")
class PolicyFault:
    """See the description."""

    line: int = strawberry.field(description="The line of `yaml` where it stands.")
    path: str = strawberry.field(description="Where it stands: gates.DECIDED.votes[1].needed.")
    sentence: str = strawberry.field(description="What is wrong, and what to write instead.")


@strawberry.type(
    description="A version of what the organization governs by: what gates ask, who decides, and the thresholds of the "
    "rest. What no policy changes is not in it: the separation of duties, and what a gate freezes."
)
class Policy(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    version: int = strawberry.field(description="Its number; 0: the built-in standard, before any was ratified.")
    state: PolicyState = strawberry.field(description="Where it stands.")
    locked: bool = strawberry.field(description="Whether it was ratified. No gate opens before a policy is.")
    name: str = strawberry.field(description="What it is called.")
    headline_kinds: list[ValueKind] = strawberry.field(description="The kinds whose sum is the headline value.")
    sustain_months: int = strawberry.field(
        description="For how many months the value must have been in the books before a measure is closed."
    )
    stages: list[PolicyStage] = strawberry.field(
        description="The six stages: their weights, and what screens call them."
    )
    levels: list[PolicyLevel] = strawberry.field(description="What screens call the five levels.")
    lights: PolicyLights = strawberry.field(description="When the two lights change.")
    cadence: PolicyCadence = strawberry.field(
        description="How often is reviewed, and when waiting has lasted too long."
    )
    drafted_at: datetime | None = strawberry.field(description="When it was last written.")
    proposed_at: datetime | None = strawberry.field(description="When it was proposed.")
    ratified_at: datetime | None = strawberry.field(description="Since when it is, or was, in force.")
    law: strawberry.Private[Law]
    row: strawberry.Private[dict[str, Any]]

    @edge("The currency of its amounts: the organization's reporting currency, or it cannot be proposed.")
    async def currency(self, info: Info) -> Currency:
        """See the description."""
        return Currency(self.law.currency or (await info.context.organization())["reporting_currency"])

    @edge("What each gate asks, who decides it, and what its GO freezes; the five gates in order.")
    async def gates(self, info: Info) -> list[PolicyGate]:
        """See the description."""
        currency = await self.currency(info)
        return [PolicyGate.of(into, self.law.gates[into], currency) for into in STAGES[1:]]

    @edge("The whole policy as one commented YAML file; `editPolicyDraft` takes it back.")
    async def yaml(self) -> str:
        """See the description."""
        return write_policy(self.law)

    @edge("Who wrote it last; null: it is built in.")
    async def drafted_by(self, info: Info) -> Person | None:
        """See the description."""
        return await self._person(info, "drafted_by_id")

    @edge("Who proposed it.")
    async def proposed_by(self, info: Info) -> Person | None:
        """See the description."""
        return await self._person(info, "proposed_by_id")

    @edge("Who ratified it: another than who wrote or proposed it.")
    async def ratified_by(self, info: Info) -> Person | None:
        """See the description."""
        return await self._person(info, "ratified_by_id")

    @edge("What it changes, as sentences: from the version in force; of one that was ratified, from the one before it.")
    async def differences(self, info: Info, from_: From = None) -> list[str]:
        """See the description."""
        return list(differences(await self._compared(info.context, from_), self.law))

    @edge("Every fault it has, by itself and in this organization; a draft is proposed without any.")
    async def faults(self, info: Info) -> list[PolicyFault]:
        """See the description."""
        context = info.context
        organization = await context.organization()
        holders = await seated(context.db, organization["id"], await context.today())
        found = (*faults(self.law), *faults_here(self.law, organization["reporting_currency"], holders))
        placed = lines_of(write_policy(self.law), found)
        return [PolicyFault(line=one.line, path=spoken_path(one.path), sentence=one.sentence) for one in placed]

    @edge("What it would change for every open measure that the viewer sees, if it were in force today.")
    async def simulation(self, info: Info) -> PolicySimulation:
        """See the description."""
        return await simulation(info.context, self.law)

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        here = standing_at(info.context.viewer, frozenset())
        verdicts = ((act, may(act, here)) for act in NEEDS)
        told = [(act, await self._against(act, info) if right is True else right) for act, right in verdicts]
        return [Permission(act=act, allowed=why is None, why=why) for act, why in told]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Policy":
        """The policy of a row."""
        return cls._said(ids.issue("policy", row["id"]), policy_in(row), row)

    @classmethod
    def unlocked(cls, organization_id: UUID) -> "Policy":
        """The built-in standard, of an organization that has none in force; it goes by the organization's id."""
        return cls._said(ids.issue("policy", organization_id), UNLOCKED, {})

    @classmethod
    def _said(cls, global_id: strawberry.ID, law: Law, row: dict[str, Any]) -> "Policy":
        return cls(
            id=global_id,
            revision=Revision(row.get("revision", 0)),
            version=law.version,
            state=PolicyState(row.get("state", PolicyState.RETIRED)),
            locked=law.locked,
            name=law.name,
            headline_kinds=list(law.headline_kinds),
            sustain_months=law.sustain_months,
            stages=stages_of(law),
            levels=levels_in(law),
            lights=lights_of(law),
            cadence=cadence_of(law),
            drafted_at=row.get("drafted_at"),
            proposed_at=row.get("proposed_at"),
            ratified_at=row.get("ratified_at"),
            law=law,
            row=row,
        )

    async def _person(self, info: Info, column: str) -> Person | None:
        person_id = self.row.get(column)
        return await person_of(info.context, person_id) if person_id else None

    async def _compared(self, context: Context, version: str | None) -> Law:
        if version is not None:
            return (await expected_policy(context, version, "policy")).law
        if not self.locked:
            return await context.policy()
        before = (each for each in await policies_of(context) if each.locked and each.version < self.version)
        return next((each.law for each in before), self.law)

    def against(self, act: str, person: UUID) -> str | None:
        """What stands against an act on it besides rights, as a sentence."""
        if not self.row:
            return "It is built in: draft a policy of your own, and lock that."
        by = (self.row["drafted_by_id"], self.row["proposed_by_id"])
        refused = why_not(act, Version(self.version, self.name, self.state, *by), person)
        return refused.message if refused else None

    async def _against(self, act: str, info: Info) -> str | None:
        against = self.against(act, info.context.viewer.person_id)
        if against is None and act == "proposePolicy" and (found := await self.faults(info)):
            return f"It has {len(found)} to mend first: {found[0].sentence}"
        return against


async def policies_of(context: Context) -> list[Policy]:
    """Every version, newest first."""
    found = await context.one(_versions, context.viewer.organization_id) or []
    return [Policy.of(row) for row in found]


async def policy_in_force(context: Context) -> Policy:
    """The version in force, or the built-in standard before any was ratified."""
    in_force = (each for each in await policies_of(context) if each.state is PolicyState.IN_FORCE)
    return next(in_force, Policy.unlocked(context.viewer.organization_id))


async def open_policy(context: Context) -> Policy | None:
    """The draft, or what is proposed."""
    return next((each for each in await policies_of(context) if each.state in _OPEN), None)


async def expected_policy(context: Context, global_id: str, field: str) -> Policy:
    """The version with an id. Raises the one NOT_FOUND for any other."""
    found = await _policy(context, ids.expect("policy", global_id, field))
    if found is None:
        raise not_found(field)
    return found


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
    if policy_id == context.viewer.organization_id:
        return Policy.unlocked(policy_id)
    own = ids.issue("policy", policy_id)
    return next((each for each in await policies_of(context) if each.id == own), None)


async def _versions(context: Context, organizations: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    sql = "SELECT * FROM policy_version WHERE organization_id IN :organizations ORDER BY version DESC"
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await rows(context.db, sql, organizations=organizations):
        found.setdefault(row["organization_id"], []).append(row)
    return found
