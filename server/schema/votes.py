"""Deciders and their votes, as spoken: at gates, on changes, on reopenings."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from server.domain.delegation import Loan
from server.domain.people import Role
from server.domain.votes import Decider as Deciding
from server.domain.votes import DecisionOutcome
from server.schema.context import Info
from server.schema.delegations import Delegate
from server.schema.fields import edge, spoken
from server.schema.money import Money
from server.schema.people import Person, person_of

Lent = Callable[[], Awaitable[tuple[Loan, ...]]]
"""Finds out who may vote in the place of others now."""

spoken(
    DecisionOutcome,
    "How a decider votes.",
    GO="Pass. The measure moves once every required role, and the quorum, has voted so.",
    RECYCLE="Back to the submitter, with a comment; the first such vote ends the submission.",
    HOLD="Put the measure on hold until a review date; the first such vote ends the submission.",
    CANCEL="Give the measure up, with a comment; the first such vote ends the submission.",
)


@strawberry.type(description="One entry criterion of a gate, met or not.")
class CriterionResult:
    """See the description."""

    code: str = strawberry.field(description="Which criterion, as in the policy: BASELINE, OUTCOME_MILESTONE …")
    met: bool = strawberry.field(description="Whether it is met.")
    sentence: str = strawberry.field(description="Why, with the figure; where it is not met, what to do next.")

    @classmethod
    def all_of(cls, kept: Iterable[dict[str, Any]]) -> list["CriterionResult"]:
        """The results of a snapshot."""
        return [cls(code=one["code"], met=one["met"], sentence=one["sentence"]) for one in kept]


@strawberry.type(description="A role that decides at a gate, and who may vote in it.")
class Decider:
    """See the description."""

    role: Role = strawberry.field(description="The role.")
    needed: int = strawberry.field(description="How many of its people must vote.")
    states_amount: bool = strawberry.field(
        description="Whether a GO in this role states the amount: the controller's, where finance validates."
    )
    documented: bool = strawberry.field(
        description="Whether that GO also says what the amount was checked against, and needs a comment."
    )
    person_ids: strawberry.Private[list[UUID]]
    lent: strawberry.Private[Lent]

    @edge("Who may vote as this: never the owner or the submitter, and nobody on their own quota.")
    async def people(self, info: Info) -> list[Person]:
        """See the description."""
        return [await person_of(info.context, person_id) for person_id in self.person_ids]

    @edge("Who may vote in the place of one of these people now, by a delegation that is in force today.")
    async def delegates(self) -> list[Delegate]:
        """See the description."""
        return [
            Delegate.of(loan)
            for loan in await self.lent()
            if loan.role is self.role and loan.lender.id in self.person_ids
        ]

    @classmethod
    def of(cls, decider: Deciding, lent: Lent) -> "Decider":
        """A decider of the law; `lent` finds out who stands in at its gate."""
        return cls(
            role=decider.role,
            needed=decider.needed,
            states_amount=decider.states_amount,
            documented=decider.documented,
            person_ids=[party.id for party in decider.people],
            lent=lent,
        )


@strawberry.type(description="One person's one vote on a submission.")
class Decision:
    """See the description."""

    as_role: Role = strawberry.field(name="as", description="The role that the vote counts for.")
    outcome: DecisionOutcome = strawberry.field(description="The vote.")
    comment: str | None = strawberry.field(description="What the voter said.")
    confirmed: Money | None = strawberry.field(
        description="The amount that the controller stated: validated size at DECIDED, value in the books at CLOSED."
    )
    checked_against: str | None = strawberry.field(description="What the controller checked that amount against.")
    at: datetime = strawberry.field(description="When it was cast.")
    by_id: strawberry.Private[UUID]
    on_behalf_of_id: strawberry.Private[UUID | None]

    @edge("Who voted.")
    async def by(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.by_id)

    @edge("In whose place, where that person had lent their vote; null: their own.")
    async def on_behalf_of(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.on_behalf_of_id) if self.on_behalf_of_id else None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Decision":
        """A decision from its row."""
        return cls(
            as_role=Role(row["as_role"]),
            outcome=DecisionOutcome(row["outcome"]),
            comment=row["comment"],
            confirmed=Money.of(row["confirmed_units"], row["confirmed_currency"]),
            checked_against=row["checked_against"],
            at=row["at"],
            by_id=row["by_id"],
            on_behalf_of_id=row["on_behalf_of_id"],
        )
