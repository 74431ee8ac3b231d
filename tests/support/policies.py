"""Policies for tests: any there could be, and one that differs from the standard in a part."""

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from server.domain.cascade import Level
from server.domain.people import Role
from server.domain.policy import (
    DEFAULT,
    Cadence,
    Criterion,
    Cycle,
    Demand,
    GatePolicy,
    Lights,
    Policy,
    Validation,
    Vote,
)
from server.domain.stages import STAGES, Stage
from server.domain.values import ValueKind

_NUMBERS = st.integers(-999, 999_999_999)
_AMOUNTS = st.decimals(-(10**12), 10**15, places=2).map(lambda amount: amount or Decimal(0))
_TEXTS = st.text(max_size=30)
_GATES = st.builds(
    GatePolicy,
    st.lists(st.builds(Demand, st.sampled_from(Criterion), _NUMBERS), max_size=6).map(tuple),
    st.lists(st.builds(Vote, st.sampled_from(Role), _NUMBERS, st.none() | _AMOUNTS), max_size=4).map(tuple),
    st.sampled_from(Validation),
)
# What can be written down, sound or not.
POLICIES = st.builds(
    Policy,
    version=st.just(0),
    locked=st.just(False),
    name=_TEXTS,
    currency=st.none() | st.text(min_size=1, max_size=5),
    gates=st.fixed_dictionaries(dict.fromkeys(STAGES[1:], _GATES)),
    stage_weights=st.fixed_dictionaries(dict.fromkeys(STAGES, _NUMBERS)),
    headline_kinds=st.lists(st.sampled_from(ValueKind), max_size=4).map(tuple),
    sustain_months=_NUMBERS,
    lights=st.builds(Lights, _AMOUNTS, _AMOUNTS, _NUMBERS, _NUMBERS),
    cadence=st.builds(Cadence, st.sampled_from(Cycle), _NUMBERS, _NUMBERS, _NUMBERS),
    level_names=st.fixed_dictionaries(dict.fromkeys(Level, _TEXTS)),
    stage_names=st.fixed_dictionaries(dict.fromkeys(STAGES, _TEXTS)),
)


def with_gate(into: Stage, base: Policy = DEFAULT, **other: Any) -> Policy:
    """A policy with another gate: `demands`, `votes` or `financial_validation`."""
    gates = dict(base.gates) | {into: replace(base.gates[into], **other)}
    return replace(base, gates=MappingProxyType(gates))


def committee_above(amount: int, needed: int = 2, base: Policy = DEFAULT) -> Policy:
    """A policy whose steering committee decides above another amount."""
    sponsor, controller, _ = DEFAULT.gates[Stage.DECIDED].votes
    committee = Vote(Role.EXECUTIVE, needed, Decimal(amount))
    return with_gate(Stage.DECIDED, base, votes=(sponsor, controller, committee))
