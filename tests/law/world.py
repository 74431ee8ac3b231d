"""The public API beside the model: every act is tried on both, and whatever can be seen is compared."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from server.domain.stages import Stage
from server.live.bell import Bell
from server.schema import ids
from tests.law.acts import Act, apply, refusals
from tests.law.gates import bodies, seatable, unmet
from tests.law.model import PLACES, Law, Measure, Seat
from tests.law.rights import acts_of, against, against_vote
from tests.law.spoken import MAKES, SPEAKS, TARGET
from tests.support.company import CAST, Company, company

# besides the cast: people with a second role, with a seat at one program only, and without a seat in effect
SEATS = {
    "dora": (("SALES_MANAGER", None), ("PROGRAM_LEAD", None)),
    "theo": (("SPONSOR", "Contracts"), ("CONTROLLER", "Contracts"), ("EXECUTIVE", "Contracts")),
    "cleo": (("CONTROLLER", None),),
    "pit": (("PROGRAM_LEAD", "Contracts"),),
}
UNRATIFIED = {"nils": (("CONTROLLER", None), ("PROGRAM_LEAD", None))}
SEEN = """query ($id: ID!, $gate: ID!) {
  measure: node(id: $id) { ... on Measure { stage standing owner { name } sponsor { name } controller { name }
    acts { act allowed why } } }
  gate: node(id: $gate) { ... on Gate { acts { act allowed why } waitingOn { role needed people { name } }
    readiness { ready criteria { code met sentence } deciders { role needed people { name } } }
    submission { submittedBy { name } decisions { by { name } as outcome } }
    history { outcome retracted endedAt } } } }"""


class DiffersError(AssertionError):
    """The product and the model of the law do not say the same."""


@dataclass
class World:
    """One organization, at both ends. `story` is every act so far, `ways` how often each way was taken."""

    company: Company
    law: Law
    ids: dict[str, str] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)

    @classmethod
    async def founded(cls, name: str, bell: Bell, *, locked: bool = True) -> "World":
        """A fresh organization with its cast and places."""
        made = await company(name, bell, locked=locked)
        law = Law(made.now.date(), locked)
        for person, held in CAST.items():
            for each in held:
                law.seats[f"{person} {each}"] = Seat(person, each.value, None, law.today, "", ratified=True)
        world = cls(made, law)
        for place in dict.fromkeys(reversed((*PLACES, "Growth"))):
            await world.place(place, PLACES.get(place))
        for person, seats in (SEATS | UNRATIFIED).items():
            answer = await made.do("ada", "addPerson", "... on Person { id }", name=person.capitalize())
            made.people[person] = made.uuid(answer["id"])
            for role, at in seats:
                await world.tries(
                    Act("grantSeat", "ada", f"{person} {role}", {"person": person, "role": role, "at": at})
                )
                if person in SEATS:
                    await world.tries(Act("ratifySeat", "eve", f"{person} {role}"))
        return world

    async def place(self, name: str, under: str | None) -> None:
        """An objective, a portfolio or a program."""
        kind = "Objective" if under is None else "Program" if under == "Service" else "Portfolio"
        asked = {"name": name} | ({"parent": self.ids[under]} if under else {})
        self.ids[name] = (await self.company.do("lea", f"create{kind}", "... on Node { id }", **asked))["id"]

    async def tries(self, act: Act) -> bool:
        """Try an act at both ends; whether it was done. Raises DiffersError where they do not agree."""
        self.story.append(str(act))
        expected = refusals(self.law, act)
        if act.verb == "later":
            self.company.later(days=act.said["days"])
            apply(self.law, act)
            return True
        before = await self.company.revision()
        seen = await self._before_submitting(act) if act.verb == "submitGate" else None
        answer = await self._done(act)
        code = answer.get("code")
        self.ways[f"{act.verb} {code or 'done'}"] += 1
        if act.verb == "decideGate" and not code:
            self.ways[f"voted {act.said['outcome']}"] += 1
        if (code is None) != (not expected) or (code and code not in expected):
            self.differs(f"it answered {code or 'done'} ({answer.get('message')}), the law {expected or 'allows it'}")
        if seen is not None:
            self._same_evaluation(act, seen, answer)
        if code:
            if await self.company.revision() != before:
                self.differs("it was refused, and yet the ledger moved")
            return False
        apply(self.law, act)
        if act.verb in MAKES:
            self.ids[act.on] = answer["id"]
        return True

    async def _done(self, act: Act) -> dict[str, Any]:
        try:
            return await self.company.do(act.by, act.verb, "... on Node { id }", **self._asked(act))
        except AssertionError as error:
            self.differs(f"it broke: {error}")

    def differs(self, what: str) -> NoReturn:
        """Raise with the story so far: it can be told again, act by act."""
        told = "\n  ".join(self.story[-40:])
        raise DiffersError(f"after {len(self.story)} acts, {what}:\n  {told}")

    async def check(self, name: str, by: str) -> None:
        """Compare all that a person sees of a measure and the gate it stands before with what the law says."""
        measure = self.law.measures[name]
        into = measure.submitted.into if measure.submitted else measure.next or "CLOSED"
        data = await self.company.ask(by, SEEN, id=self.ids[name], gate=self._gate(name, into))
        if not self.law.roles(by, name):
            self._compare(f"{by} sees of {name}", data["gate"], None)
            return
        self._check_measure(measure, by, data["measure"])
        self._check_gate(measure, into, by, data["gate"])

    async def check_all(self) -> None:
        """Compare every measure, and have the ledger prove itself."""
        for name in self.law.measures:
            await self.check(name, "lea")
        proof = (await self.company.ask("eve", "{ verifyLedger { sound } }"))["verifyLedger"]
        self._compare("the ledger is sound", proof["sound"], True)

    def _check_measure(self, measure: Measure, by: str, seen: dict[str, Any]) -> None:
        for field_name in ("stage", "standing"):
            self._compare(f"{measure.name}.{field_name}", seen[field_name], getattr(measure, field_name))
        for part in ("owner", "sponsor", "controller"):
            self._compare(f"{measure.name}.{part}", _name(seen[part]), getattr(measure, part))
        for act in seen["acts"]:
            if act["act"] in acts_of(measure):
                barred = against(self.law, act["act"], by, measure)
                self._compare(f"{by} may {act['act']} {measure.name} ({act['why']})", act["allowed"], not barred)

    def _check_gate(self, measure: Measure, into: str, by: str, seen: dict[str, Any]) -> None:
        law, gate = self.law, f"the gate of {measure.name} into {into}"
        asked = measure.asked.get(into)
        open_one = asked if asked and not asked.ended else None
        waiting = {one["role"]: (one["needed"], _names(one["people"])) for one in seen["waitingOn"]}
        self._compare(f"{gate} waits on", waiting, open_one.waiting_on() if open_one else {})
        votes = [
            (_name(one["by"]), one["as"], one["outcome"]) for one in (seen["submission"] or {}).get("decisions", ())
        ]
        self._compare(f"votes at {gate}", votes, [tuple(vote) for vote in open_one.votes] if open_one else [])
        self._compare(
            f"submitter at {gate}", _name((seen["submission"] or {}).get("submittedBy")), open_one and open_one.by
        )
        last = seen["history"][0] if seen["history"] else {"outcome": None, "retracted": False, "endedAt": None}
        ended = (last["outcome"], bool(last["endedAt"]), last["retracted"])
        retracted = bool(asked and asked.ended and asked.outcome is None)
        self._compare(f"end of {gate}", ended, (asked and asked.outcome, bool(asked and asked.ended), retracted))
        self._check_readiness(measure, into, by, seen["readiness"])
        allowed = {act["act"]: act["allowed"] for act in seen["acts"]}
        submits = Act("submitGate", by, measure.name, {"into": into})
        expected = {
            "submitGate": not refusals(law, submits),
            "retractSubmission": not refusals(law, Act("retractSubmission", by, measure.name, {"into": into})),
            "decideGate": not against_vote(law, by, measure, into),
        }
        self._compare(f"{by}'s acts at {gate}", {act: allowed[act] for act in expected}, expected)

    def _check_readiness(self, measure: Measure, into: str, by: str, seen: dict[str, Any]) -> None:
        law, gate = self.law, f"the gate of {measure.name} into {into}"
        missing = unmet(law, measure, into)
        told = {one["code"] for one in seen["criteria"] if not one["met"]}
        self._compare(f"unmet at {gate}", told, missing)
        submitter = None if against(law, "submitGate", by, measure) else by
        asked = bodies(law, measure, into, submitter)
        people = {one["role"]: (one["needed"], _names(one["people"])) for one in seen["deciders"]}
        self._compare(f"deciders at {gate}", people, {body.role: (body.needed, body.people) for body in asked})
        turn = law.locked and measure.standing == "ACTIVE" and measure.next == into
        ready = turn and not missing and seatable((body.needed, body.people) for body in asked)
        self._compare(f"{gate} is ready", seen["ready"], ready)

    async def _before_submitting(self, act: Act) -> dict[str, Any] | None:
        measure = self.law.measures[act.on]
        if against(self.law, "submitGate", act.by, measure) or measure.submitted:
            return None
        gate = self._gate(act.on, act.said["into"])
        data = await self.company.ask(act.by, SEEN, id=self.ids[act.on], gate=gate)
        return dict(data["gate"]["readiness"])

    def _same_evaluation(self, act: Act, seen: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """What a gate showed and what the mutation went by are one evaluation (law §2)."""
        self.ways["readiness agreed"] += 1
        self.ways["readiness refused"] += not seen["ready"]
        self._compare(f"{act} goes by the readiness shown", answer["__typename"] == "Gate", seen["ready"])
        if answer.get("code") == "CRITERIA_UNMET":
            told = [one["sentence"] for one in seen["criteria"] if not one["met"]]
            self._compare(f"{act} is refused for", answer["details"][: len(told)], told)

    def _compare(self, what: str, seen: Any, expected: Any) -> None:
        if seen != expected:
            self.differs(f"{what}: it shows {seen}, the law says {expected}")

    def _gate(self, name: str, into: str) -> str:
        return str(ids.issue_gate(self.company.uuid(self.ids[name]), Stage(into)))

    def _person(self, name: str | None) -> str | None:
        return self.company.person(name) if name else None

    def _asked(self, act: Act) -> dict[str, Any]:
        """An act as its mutation's input."""
        said = {name: self._value(act.verb, name, value) for name, value in act.said.items()}
        if act.verb in {"retractSubmission", "decideGate"}:
            return said | {"gate": self._gate(act.on, said.pop("into"))}
        if act.verb not in MAKES:
            said[TARGET.get(act.verb, "measure")] = self.ids[act.on]
        elif act.verb != "grantSeat":
            said["name"] = act.on.rpartition("/")[2]
        speak = SPEAKS.get(act.verb)
        return speak(said, self.law.today) if speak else said

    def _value(self, verb: str, name: str, value: Any) -> Any:
        if name in {"owner", "sponsor", "controller", "person"} or (name == "seller" and verb == "setIncentives"):
            return self._person(value)
        if name in {"parent", "under", "initiative", "at"}:
            return self.ids[value] if value else None
        return value


def _name(person: Mapping[str, str] | None) -> str | None:
    return person["name"].lower() if person else None


def _names(people: list[dict[str, str]]) -> frozenset[str]:
    return frozenset(each["name"].lower() for each in people)
