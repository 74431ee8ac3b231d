"""Every act of the model: what it may be refused for besides rights, and what it brings about."""

from tests.law import acts_on_cases, acts_on_gates, acts_on_seats
from tests.law.act import DOING, REFUSING, Act
from tests.law.model import Law

__all__ = ["Act", "apply", "refusals"]
KINDS = (acts_on_cases, acts_on_gates, acts_on_seats)  # they have registered their verbs


def refusals(law: Law, act: Act) -> set[str]:
    """The codes with which the law lets an act be refused; none: it must be done."""
    return REFUSING[act.verb](law, act)


def apply(law: Law, act: Act) -> None:
    """Let an act that the law allows happen."""
    DOING[act.verb](law, act)
