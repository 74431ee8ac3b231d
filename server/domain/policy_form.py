"""A policy as plain data: what is stored, and what its YAML file says. Words and whole numbers, amounts as text."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from server.domain.cascade import Level
from server.domain.people import Role
from server.domain.policy import Cadence, Criterion, Cycle, Demand, GatePolicy, Lights, Policy, Validation, Vote
from server.domain.stages import STAGES
from server.domain.values import ValueKind

Plain = dict[str, Any]


def plain(policy: Policy) -> Plain:
    """A policy without its version and state, which belong to the organization that governs by it."""
    return {
        "name": policy.name,
        "currency": policy.currency,
        "gates": {into.value: _gate(policy.gates[into]) for into in STAGES[1:]},
        "stageWeights": {stage.value: policy.stage_weights[stage] for stage in STAGES},
        "headlineKinds": [kind.value for kind in policy.headline_kinds],
        "sustainMonths": policy.sustain_months,
        "lights": {
            "greenFrom": _text(policy.lights.green_from),
            "amberFrom": _text(policy.lights.amber_from),
            "amberAfterDays": policy.lights.amber_after_days,
            "redAfterDays": policy.lights.red_after_days,
        },
        "cadence": {
            "cycle": policy.cadence.cycle.value,
            "dueDays": policy.cadence.due_days,
            "remindAfterDays": policy.cadence.remind_after_days,
            "stalledAfterDays": policy.cadence.stalled_after_days,
        },
        "levelNames": {level.value: policy.level_names[level] for level in Level},
        "stageNames": {stage.value: policy.stage_names[stage] for stage in STAGES},
    }


def _gate(gate: GatePolicy) -> Plain:
    return {
        "criteria": [{"criterion": each.criterion.value, "atLeast": each.at_least} for each in gate.demands],
        "votes": [{"role": vote.role.value, "needed": vote.needed, "above": _text(vote.above)} for vote in gate.votes],
        "financialValidation": gate.financial_validation.value,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def policy_of(document: Mapping[str, Any], version: int, *, locked: bool) -> Policy:
    """The policy of a whole document, such as `plain` makes. Raises KeyError or ValueError for anything else."""
    lights, cadence = document["lights"], document["cadence"]
    return Policy(
        version=version,
        locked=locked,
        name=document["name"],
        currency=document["currency"],
        gates=MappingProxyType({into: _gate_of(document["gates"][into.value]) for into in STAGES[1:]}),
        stage_weights=_by(STAGES, document["stageWeights"]),
        headline_kinds=tuple(ValueKind(kind) for kind in document["headlineKinds"]),
        sustain_months=document["sustainMonths"],
        lights=Lights(
            Decimal(lights["greenFrom"]), Decimal(lights["amberFrom"]), lights["amberAfterDays"], lights["redAfterDays"]
        ),
        cadence=Cadence(
            Cycle(cadence["cycle"]), cadence["dueDays"], cadence["remindAfterDays"], cadence["stalledAfterDays"]
        ),
        level_names=_by(Level, document["levelNames"]),
        stage_names=_by(STAGES, document["stageNames"]),
    )


def _gate_of(gate: Mapping[str, Any]) -> GatePolicy:
    votes = (
        Vote(Role(vote["role"]), vote["needed"], None if vote["above"] is None else Decimal(vote["above"]))
        for vote in gate["votes"]
    )
    demands = (Demand(Criterion(each["criterion"]), each["atLeast"]) for each in gate["criteria"])
    return GatePolicy(tuple(demands), tuple(votes), Validation(gate["financialValidation"]))


def _by(words: Any, named: Mapping[str, Any]) -> Mapping[Any, Any]:
    """A mapping of text as a mapping of the domain's own words, in their order."""
    return MappingProxyType({word: named[word.value] for word in words})
