"""How it began: people, seats, plan rates, and what stands above the initiatives."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from server.actions.cascade import create_node
from server.actions.policies import propose_policy, ratify_policy
from server.actions.rates import set_plan_rate
from server.actions.seats import add_person, grant_seat, ratify_seat
from server.domain.cascade import Level
from server.domain.people import VOTING
from server.sample.acts import Act, Ref, who
from server.sample.calendar import Calendar
from server.sample.grammar import Objective, Place, Someone
from server.sample.people import SELLERS, STAFF
from server.sample.places import DOLLAR, OBJECTIVES, PORTFOLIOS, PROGRAMS, REGISTER

FOUNDED = 742  # days ago
FIRST_POLICY = "policy/1"  # the draft that founding leaves
_READS_ALL = "renate"  # of the supervisory board; the works council reads neither money nor the ledger
_ADMIN, _LEAD, _RATIFIER, _CONTROLLER = "jule", "emeka", "katharina", "ute"


def opening(calendar: Calendar, password_hash: str) -> Iterator[Act]:
    """Everyone is known and seated, the policy is locked, the rates are set, and the board's wishes written down."""
    for one in (*STAFF, *SELLERS.values()):
        known = {"name": one.name, "email": one.email, "password_hash": password_hash if one.email else None}
        yield Act(FOUNDED, _ADMIN, add_person, known, who(one.key))
    for one in STAFF:
        yield from _seated(one, organization=True)
    for year, rate in DOLLAR.items():
        given = {"fiscal_year": calendar.fiscal_year + year, "currency": "USD", "rate": Decimal(rate)}
        yield Act(FOUNDED - 3, _CONTROLLER, set_plan_rate, given)
    yield from (_wanted(calendar, number, objective) for number, objective in enumerate(OBJECTIVES, 1))
    for level, letter, places in ((Level.PORTFOLIO, "P", PORTFOLIOS), (Level.PROGRAM, "G", PROGRAMS)):
        yield from (_placed(level, f"{letter}-{number}", place) for number, place in enumerate(places, 1))
    for one in STAFF:
        yield from _seated(one, organization=False)
    yield Act(FOUNDED - 7, _LEAD, propose_policy, {"policy": Ref(FIRST_POLICY)})
    yield Act(FOUNDED - 8, _RATIFIER, ratify_policy, {"policy": Ref(FIRST_POLICY)})


def _seated(one: Someone, *, organization: bool) -> Iterator[Act]:
    """The administrator grants; an executive ratifies what carries a vote."""
    ago = FOUNDED - 1 if organization else FOUNDED - 5
    for role, node in one.seats:
        if (node is None) is not organization:
            continue
        key = f"seat:{one.key}:{role}:{node}"
        given: dict[str, Any] = {"person": who(one.key), "role": role, "node": Ref(node) if node else None}
        given |= {"reads_money": True, "reads_ledger": True} if one.key == _READS_ALL else {}
        yield Act(ago, _ADMIN, grant_seat, given, key)
        if role in VOTING:
            yield Act(ago - 1, _RATIFIER, ratify_seat, {"seat": Ref(key)})


def _wanted(calendar: Calendar, number: int, objective: Objective) -> Act:
    fields = {
        "name": objective.name,
        "description": objective.about,
        "owner": who(objective.owner),
        "hypothesis": objective.hypothesis,
        "metric": objective.metric,
        "target": objective.target,
        "targetDate": calendar.day(-objective.due),
        "externalIds": [(REGISTER, f"O-{number}")],
    }
    parent = Ref(objective.parent) if objective.parent else None
    given = {"level": Level.OBJECTIVE, "parent": parent, "fields": fields}
    return Act(FOUNDED - 4, _LEAD, create_node, given, objective.key)


def _placed(level: Level, external_id: str, place: Place) -> Act:
    fields = {
        "name": place.name,
        "description": place.about,
        "owner": who(place.owner),
        "businessUnit": place.unit,
        "externalIds": [(REGISTER, external_id)],
    }
    given = {"level": level, "parent": Ref(place.parent), "fields": fields}
    return Act(FOUNDED - 4, _LEAD, create_node, given, place.key)
