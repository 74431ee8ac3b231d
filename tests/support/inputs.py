"""A sensible input of every mutation, made from the schema and one company's things, to be spoilt leaf by leaf."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from server.actions.files import add_file
from server.domain.cascade import Level
from server.domain.stages import Stage
from server.models.cascade import Node
from server.models.file_store import Kept
from server.models.people import Seat
from server.models.policies import PolicyVersion
from server.models.sales import Opportunity
from server.schema import ids
from tests.support.company import OPERATIONS, Company
from tests.support.measures import done, line, milestone

Way = tuple[str, ...]
"""From an input to a leaf: names of fields."""
SCHEMA = OPERATIONS.schema._schema
ELSEWHERE = {"signIn", "signOut", "setPassword", "importFile"}
"""What a person does about themselves (test_sign_in.py has it), and what comes with files (test_import.py)."""
LEFT_OUT = object()
BY_TYPE: dict[str, Any] = {
    "String": "Words",
    "Boolean": True,
    "Int": 2027,
    "Decimal": "1",
    "Currency": "EUR",
    "Date": "2026-11-02",
    "Month": "2026-10",
}
# where another word of the type is wanted: by field, or by mutation and field
SPECIAL: dict[str, Any] = {
    "idempotencyKey": LEFT_OUT,
    "expectedRevision": LEFT_OUT,
    "password": LEFT_OUT,
    "url": "https://alder.example/words",
    "into": "IDENTIFIED",
    "dimension": "TERRITORY",
    "due": "2027-03-31",
    "reviewOn": "2027-03-31",
    "ends": "2027-03-31",
    "to": "2027-03-31",
    "delegateVote from": LEFT_OUT,
    "until": "2027-03-31",
    "amount": "2",
    "startDate": "2026-01-01",
    "figure": LEFT_OUT,  # of what is read, and then not recorded
    "position": 1,
    "file": LEFT_OUT,
    "readsMoney": False,
    "readsLedger": False,
    "yaml": LEFT_OUT,
    "colour": "RED",
    "saveImportMapping yaml": "system: s\ncurrency: EUR\nfiles: {d: d.csv}\ncolumns: {externalId: id, stage: s}\n",
    "template": LEFT_OUT,
    "createInitiative sellers": LEFT_OUT,
    "setPlanRate currency": "USD",
    "setActualRate currency": "USD",
    **{f"editNode {name}": LEFT_OUT for name in ("owner", "hypothesis", "metric", "target", "targetDate", "sellers")},
}
PEOPLE = {
    "owner": "olaf",
    "sponsor": "sam",
    "controller": "carl",
    "person": "vera",
    "seller": "vera",
    "assignee": "sal",
    "delegate": "vera",
    "from": "sal",
    "to": "vera",
}
NODES = {
    "measure": "Full service",
    "initiative": "Full service",
    "plan": "DACH",
    "rewards": "DACH",
    "under": "Full service",
    "at": "Service",
    "node": "Contracts",
    "editNode node": "Full service",
    "portfolio": "Service",
    "proposeChange measure": "Decided",
    "parent": "Service",
    "createObjective parent": "Growth",
    "createPortfolio parent": "Growth",
    "createInitiative parent": "Contracts",
    "createSalesPlan parent": "Full service",
}


def _mutations() -> dict[str, GraphQLInputObjectType]:
    assert SCHEMA.mutation_type
    found: dict[str, GraphQLInputObjectType] = {}
    for name, mutation in SCHEMA.mutation_type.fields.items():
        kind = get_named_type(mutation.args["input"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        if name not in ELSEWHERE:
            found[name] = kind
    return found


MUTATIONS = _mutations()
"""Every mutation with its input type."""


def leaves(verb: str) -> Iterator[tuple[Way, str]]:
    """Every leaf of a mutation's input: the way to it, and the name of its type."""
    yield from _leaves(MUTATIONS[verb], ())


def _leaves(kind: GraphQLInputObjectType, way: Way) -> Iterator[tuple[Way, str]]:
    for name, each in kind.fields.items():
        named = get_named_type(each.type)
        if isinstance(named, GraphQLInputObjectType):
            yield from _leaves(named, (*way, name))
        else:
            yield (*way, name), named.name


def id_leaves(verb: str) -> list[Way]:
    """Those that hold an id."""
    return [way for way, kind in leaves(verb) if kind == "ID"]


async def _seat_of(company: Company, who: str) -> str:
    """The global id of one's first seat."""
    seat = await Seat.filter(organization_id=company.id, person_id=company.people[who]).first()
    assert seat
    return str(ids.issue("seat", seat.id))


@dataclass
class Things:
    """One company's ids of every kind, and the inputs made with them."""

    company: Company
    by_kind: dict[str, str]
    _fresh: Iterator[int] = field(default_factory=count)

    @classmethod
    async def of(cls, company: Company) -> "Things":
        """With a line, a milestone, a delegation, a change request and a question made for it."""
        policy = await PolicyVersion.get(organization_id=company.id)
        asked = {"seat": await _seat_of(company, "pia"), "delegate": company.person("vera"), "until": "2026-12-31"}
        lent = await done(company, "pia", "delegateVote", "... on Delegation { id }", **asked, reason="Leave")
        by_kind = {
            "line": await line(company, "REVENUE", "Contracts", {"2027-01": "1000"}),
            "milestone": await milestone(company, "Full service"),
            "awaits": await milestone(company, "DACH"),
            "cycle": (await done(company, "lea", "openCycle", "... on ReviewCycle { id }"))["id"],
            "gate": str(ids.issue_gate(company.nodes["Full service"], Stage.IDENTIFIED)),
            "delegation": lent["id"],
            "seat": await _seat_of(company, "vera"),
            **await _changes(company),
            **await _token(company),
            "feed": await _feed(company),
            "file": await _file(company),
            "indicator": await _indicator(company),
            "policy": str(ids.issue("policy", policy.id)),
            **await _selling(company),
            "basedOn": str(ids.issue("policy", policy.id)),
        }
        return cls(company, by_kind)

    def id(self, verb: str, way: Way) -> str:
        """What belongs at an id's leaf."""
        name = way[-1]
        if name in self.by_kind:
            return self.by_kind[name]
        if name in PEOPLE:
            return self.company.person(PEOPLE[name])
        return self.company.node(NODES.get(f"{verb} {name}", NODES[name]))

    def never_issued(self, verb: str, way: Way) -> str:
        """An id of the same kind that leads nowhere."""
        known = ids.read(self.id(verb, way))
        assert known
        return str(ids.issue(known[0], uuid4(), known[2]))

    def input(self, verb: str, spoilt: Mapping[Way, Any] | None = None) -> dict[str, Any]:
        """A sensible input of a mutation, lists with one element each; other values at the leaves that are spoilt."""
        return self._filled(MUTATIONS[verb], verb, (), spoilt or {})

    def _filled(self, kind: GraphQLInputObjectType, verb: str, way: Way, spoilt: Mapping[Way, Any]) -> dict[str, Any]:
        made = {name: self._value(each.type, verb, (*way, name), spoilt) for name, each in kind.fields.items()}
        return {name: value for name, value in made.items() if value is not LEFT_OUT}

    def _value(self, kind: GraphQLInputType, verb: str, way: Way, spoilt: Mapping[Way, Any]) -> Any:
        named = get_named_type(kind)
        if way in spoilt:
            value = spoilt[way]
        elif isinstance(named, GraphQLInputObjectType):
            value = self._filled(named, verb, way, spoilt)
        elif isinstance(named, GraphQLEnumType):
            value = SPECIAL.get(way[-1], next(iter(named.values)))
        else:
            value = self._word(named.name, verb, way)
        return [value] if is_list_type(get_nullable_type(kind)) and value is not LEFT_OUT else value

    def _word(self, kind: str, verb: str, way: Way) -> Any:
        special = SPECIAL.get(f"{verb} {way[-1]}", SPECIAL.get(way[-1]))
        if special is not None and (kind != "ID" or special is LEFT_OUT):
            return special
        if kind == "ID":
            return self.id(verb, way)
        if way[-1] == "email":
            return f"words-{next(self._fresh)}@alder.example"
        if way[-2:] == ("externalIds", "id"):
            return f"words-{next(self._fresh)}"
        return BY_TYPE.get(kind)


async def _changes(company: Company) -> dict[str, str]:
    """Two initiatives that stand at DECIDED, without the way there: Lea's, to be changed, and one with a change.

    Ids of the change and of a question on it.
    """
    people: dict[str, Any] = {part: company.people[PEOPLE[part]] for part in ("sponsor", "controller")}
    for name, owner in (("Decided", "lea"), ("Changing", "olaf")):
        made = await company.create(Level.INITIATIVE, name, "Contracts", owner=company.people[owner], **people)
        await Node.filter(id=made).update(stage=Stage.DECIDED.value)
    estimate = {"amount": "1", "currency": "EUR"}
    asked = {"measure": company.node("Changing"), "reason": "Words", "estimatedValue": estimate}
    change = await done(company, "olaf", "proposeChange", "... on ChangeRequest { id }", **asked)
    about = {"submission": change["id"], "text": "Words"}
    question = await done(company, "sam", "askQuestion", "... on Question { id }", **about)
    return {"change": change["id"], "submission": change["id"], "question": question["id"]}


async def _selling(company: Company) -> dict[str, str]:
    """A matching rule, and a deal without a plan."""
    shown, plan = "... on MatchingRule { id }", company.node("DACH")
    rule = await done(company, "sal", "addMatchingRule", shown, plan=plan, account="Words & Sons")
    deal = {"system": "crm", "externalId": "Words", "stage": "S", "state": "OPEN"}
    await done(company, "sal", "recordResults", results=[deal])
    stored = await Opportunity.get(organization_id=company.id, external_id="Words")
    return {"rule": rule["id"], "opportunities": str(ids.issue("opportunity", stored.id))}


async def _token(company: Company) -> dict[str, str]:
    """A machine, and a token that acts for it."""
    made = await done(company, "ada", "addPerson", "... on Person { id }", name="CRM connector")
    await done(company, "ada", "grantSeat", person=made["id"], role="PARTNER")
    asked = {"machine": made["id"], "label": "CRM", "scopes": ["RESULTS_WRITE"], "ends": "2027-03-31"}
    token = await done(company, "ada", "createToken", "... on IssuedToken { token { id } }", **asked)
    return {"machine": made["id"], "token": token["token"]["id"]}


async def _feed(company: Company) -> str:
    """A calendar feed of Lea's."""
    made = await done(company, "lea", "createCalendarFeed", "... on IssuedCalendarFeed { feed { id } }", label="Phone")
    return str(made["feed"]["id"])


async def _indicator(company: Company) -> str:
    """What an initiative is measured by."""
    asked = {"under": company.node("Full service"), "name": "Words", "direction": "INCREASE"}
    made = await done(company, "olaf", "addIndicator", "... on Indicator { id }", **asked)
    return str(made["id"])


async def _file(company: Company) -> str:
    """A file that somebody uploaded."""
    vera, kept = await company.viewer("vera"), Kept("0" * 64, 1)
    uploaded = await add_file(vera, kept, name="Minutes.pdf", media_type="application/pdf", at=company.now)
    return str(ids.issue("file", uploaded.id))
