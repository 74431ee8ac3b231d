"""Whether a policy fits an organization: its reporting currency, and the people whose seats carry a vote.

A gate that nobody could ever decide is found here, before the policy can be proposed (law §2: a submission is refused
while a required role has nobody).
"""

from collections.abc import Iterator

from server.domain.gates import Holders
from server.domain.money import minor
from server.domain.people import VOTING
from server.domain.policy import GatePolicy, Policy, Vote
from server.domain.policy_faults import Found, PolicyFault
from server.domain.stages import STAGES, Stage
from server.domain.votes import Decider, fill
from server.domain.wording import Path


def faults_here(policy: Policy, currency: str, holders: Holders) -> tuple[PolicyFault, ...]:
    """Every fault of a policy in an organization that reports in `currency`.

    `holders` are those who hold a ratified seat anywhere in it.
    """
    found = (*_money(policy, currency), *_people(policy, holders))
    return tuple(PolicyFault(path, sentence) for path, sentence in found)


def _money(policy: Policy, currency: str) -> Found:
    if policy.currency not in {None, currency}:
        told = f"The amounts of this policy are in {policy.currency}, and the organization reports in {currency}"
        yield ("currency",), f"{told}: restate them, and write {currency}."
        return
    for _, place, vote in _placed(policy):
        if vote.above is not None:
            try:
                minor(vote.above, currency)
            except ValueError as fault:
                yield (*place, "above"), f"{fault}: write another amount."


def _people(policy: Policy, holders: Holders) -> Found:
    short: set[Stage] = set()
    for into, place, vote in _placed(policy):
        have = len(holders.get(vote.role, ()))
        if vote.role in VOTING and have < vote.needed:
            short.add(into)
            held = "nobody holds" if not have else "only 1 person holds" if have == 1 else f"only {have} persons hold"
            yield (
                place,
                (
                    f"Into {into.spoken} it takes {vote.needed} as {vote.role.spoken}, and {held} such a seat: an "
                    "admin grants it and an executive ratifies it, or the policy asks for less."
                ),
            )
    for into in STAGES[1:]:
        gate = policy.gates[into]
        if into not in short and fill(_deciders(gate, holders)) is None:
            needed = sum(vote.needed for vote in gate.votes)
            yield (
                ("gates", into.value, "votes"),
                (
                    f"Into {into.spoken} it takes {needed} different persons, each with one vote, and the seats there "
                    "are belong to fewer: an admin grants another, and an executive ratifies it."
                ),
            )


def _deciders(gate: GatePolicy, holders: Holders) -> list[Decider]:
    votes = (vote for vote in gate.votes if vote.role in VOTING)
    return [Decider(vote.role, tuple(holders.get(vote.role, ())), vote.needed) for vote in votes]


def _placed(policy: Policy) -> Iterator[tuple[Stage, Path, Vote]]:
    for into in STAGES[1:]:
        for number, vote in enumerate(policy.gates[into].votes):
            yield into, ("gates", into.value, "votes", number), vote
