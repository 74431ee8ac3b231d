"""Gates before the vote: readiness, deciders and what a submission hands in (law §2).

`readiness` is what a gate shows and what `submitGate` goes by: one evaluation for both.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from server.domain.cascade import Standing
from server.domain.cases import Case, Party
from server.domain.criteria import CRITERIA, LAWS
from server.domain.money import Money
from server.domain.people import Role
from server.domain.policy import FREEZES, Policy, Validation, Vote
from server.domain.stages import Stage
from server.domain.votes import Decider, fill

NOT_LOCKED = "No gate opens until a policy is locked: a portfolio lead proposes it, an executive ratifies it."
Holders = Mapping[Role, Collection[Party]]  # who holds a ratified seat at the measure or above it today


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion, met or not, and why."""

    code: str
    met: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a measure stands before a gate.

    `lacking` says why the votes cannot be had, `obstacle` why it is not its turn.
    """

    criteria: tuple[CriterionResult, ...]
    deciders: tuple[Decider, ...]
    freezes: tuple[str, ...]
    lacking: tuple[str, ...]
    obstacle: str | None

    @property
    def unmet(self) -> tuple[str, ...]:
        """The sentences of all criteria that are not met."""
        return tuple(result.sentence for result in self.criteria if not result.met)

    @property
    def ready(self) -> bool:
        """Whether it could be submitted as it stands."""
        return not self.unmet and not self.lacking and self.obstacle is None


def readiness(case: Case, into: Stage, policy: Policy, holders: Holders, submitter: UUID | None = None) -> Readiness:
    """Judge a case at the gate into a stage. `submitter` is who would submit, where that is known: they never decide.

    Raises KeyError for DEFINED, into which no gate leads.
    """
    found = deciders(case, into, policy, holders, submitter)
    return Readiness(
        criteria=tuple(_judged(case, into, policy)),
        deciders=found,
        freezes=FREEZES[into],
        lacking=tuple(lacking(case, found, submitter)),
        obstacle=obstacle(case, into) if policy.locked else NOT_LOCKED,
    )


def laws(case: Case, into: Stage) -> tuple[CriterionResult, ...]:
    """What holds at this gate whatever the policy says; checked again when the last vote falls."""
    judged = ((code, law(case, into)) for code, law in LAWS.items())
    return tuple(CriterionResult(code, *judgement) for code, judgement in judged if judgement)


def _judged(case: Case, into: Stage, policy: Policy) -> Iterator[CriterionResult]:
    table = CRITERIA[case.level]
    for demand in policy.gates[into].demands:
        if demand.criterion in table:
            yield CriterionResult(demand.criterion.value, *table[demand.criterion](case, policy, demand.at_least))
    yield from laws(case, into)


def obstacle(case: Case, into: Stage) -> str | None:
    """Why it is not the turn of this gate, whatever the criteria say; None where it is."""
    if case.standing is Standing.CANCELLED:
        return f"“{case.name}” was cancelled, which is final."
    if case.standing is Standing.ON_HOLD:
        return f"“{case.name}” is on hold; resume it first."
    if case.stage.next is into:
        return None
    stands = f"“{case.name}” stands at {case.stage.spoken}"
    if case.stage.next is None:
        return f"{stands}: there is no further gate."
    return f"{stands}: its next gate leads into {case.stage.next.spoken}, one step at a time."


def deciders(
    case: Case,
    into: Stage,
    policy: Policy,
    holders: Holders,
    submitter: UUID | None = None,
    size: Money | None = None,
) -> tuple[Decider, ...]:
    """Who may decide at a gate, by role, as the policy asks for it.

    `size` is what its money thresholds are compared with, where that is not the measure's own.
    """
    gate = policy.gates[into]
    amount = (size or case.size(policy.headline_kinds)).amount
    asked = [vote for vote in gate.votes if vote.above is None or amount > vote.above]
    return seated(case, asked, holders, submitter, gate.financial_validation)


def seated(
    case: Case,
    votes: Iterable[Vote],
    holders: Holders,
    submitter: UUID | None = None,
    validation: Validation = Validation.NONE,
) -> tuple[Decider, ...]:
    """Who may cast each vote (law §2: separation of duties).

    The sponsor and the controller are the persons whom the measure names, where they hold such a seat there or above;
    a program lead or an executive is whoever holds that seat. Never its owner, who submits it, or whose quota it is.
    """
    return tuple(
        Decider(
            role=vote.role,
            people=_eligible(case, vote, holders, submitter),
            needed=vote.needed,
            states_amount=validation is not Validation.NONE and vote.role is Role.CONTROLLER,
            documented=validation is Validation.DOCUMENTED and vote.role is Role.CONTROLLER,
        )
        for vote in votes
    )


def _eligible(case: Case, vote: Vote, holders: Holders, submitter: UUID | None) -> tuple[Party, ...]:
    named = {Role.SPONSOR: case.sponsor, Role.CONTROLLER: case.controller}
    seated = holders.get(vote.role, ())
    if vote.role in named:
        seated = [party for party in seated if party == named[vote.role]]
    owner = case.owner.id if case.owner else None
    able = (party for party in seated if party.id not in {owner, submitter} and not case.sells(party))
    return tuple(sorted(able, key=lambda party: (party.name, party.id)))


def lacking(case: Case, found: tuple[Decider, ...], submitter: UUID | None) -> Iterator[str]:
    """Why the votes cannot be had, role by role; nothing where they can."""
    short = [decider for decider in found if len(decider.people) < decider.needed]
    for decider in short:
        yield _why_short(case, decider, submitter)
    if not short and fill(found) is None:
        roles = " and ".join(f"{decider.needed} as {decider.role.spoken}" for decider in found)
        yield (
            f"Each person has one vote, and too few different persons may cast the votes this gate asks for ({roles}): "
            "an admin grants another seat, and an executive ratifies it."
        )


def _why_short(case: Case, decider: Decider, submitter: UUID | None) -> str:
    role = decider.role.spoken
    party = {Role.SPONSOR: case.sponsor, Role.CONTROLLER: case.controller}.get(decider.role)
    if decider.role in {Role.SPONSOR, Role.CONTROLLER}:
        if party is None:
            return f"No {role} is named: name one who holds a {role} seat here or above."
        if case.owner and party.id == case.owner.id:
            return f"{party.name} is named {role} and owns it, and an owner never decides: name another {role}."
        if party.id == submitter:
            return (
                f"{party.name} is named {role} and would submit it, and a submitter never decides: let another submit."
            )
        if case.sells(party):
            return f"{party.name} is named {role}, and nobody decides on their own quota: name another {role}."
        return (
            f"{party.name} is named {role} and holds no {role} seat in effect here or above: "
            "an admin grants it, and an executive ratifies it."
        )
    have = "nobody" if not decider.people else f"only {len(decider.people)}"
    return (
        f"It takes {decider.needed} as {role}, and {have} may decide here (never its owner or who submits it): "
        "an admin grants a seat here or above, and an executive ratifies it."
    )


def figures(case: Case, into: Stage, policy: Policy) -> tuple[tuple[str, str], ...]:
    """The figures that a submission hands in, by name: what was true when it was made."""
    told: list[tuple[str, str]] = []
    if case.plan is not None:
        told.append(("Quota", str(Money(case.plan.total, case.currency))))
        told.append(("Quota of the first year", str(Money(case.plan.first_year, case.currency))))
        told.append(("Won", str(Money(sum(case.won.values()), case.currency))))
        return tuple(told)
    if case.estimated is not None:
        told.append(("Estimated value", str(case.estimated)))
    for line in case.lines:
        if line.baseline_units is not None:
            told.append((f"Baseline of “{line.name}”", str(Money(line.baseline_units, line.currency))))
        told.append((f"Plan of “{line.name}”", str(Money(line.planned, line.currency))))
        if into is Stage.CLOSED:
            window = case.window(policy.sustain_months)
            actual = sum(line.months[month][1] or 0 for month in window if month in line.months)
            told.append((f"Actual of “{line.name}” in the sustain window", str(Money(actual, line.currency))))
    if case.planned_revenue:
        told.append(("Planned revenue", str(Money(case.planned_revenue, case.currency))))
        told.append(("Quota of its sales plans", str(Money(case.quota, case.currency))))
    return tuple(told)
