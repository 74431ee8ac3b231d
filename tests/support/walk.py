"""People and machines who ask two applications on one database the same: one keeps answers, the other runs every query.

Whom they are, what they ask and what happens meanwhile are drawn at random, the same each time.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

import httpx

from server.actions.cascade import edit_node
from server.actions.credentials import TOKEN, digest, new_secret
from server.actions.seats import end_seat, grant_seat, ratify_seat
from server.domain.people import VOTING, Role, Scope
from server.domain.refusals import Refused
from server.live.work import perform
from server.models.people import Credential
from tests.support.company import Company
from tests.support.house import House

EVERY = """ ... on CascadeNode { id name level owner { name } ancestors { name }
    acts { act allowed why } rollUp { weighted { value { amount } formula omitted } } }
    ... on Measure { stage standing nextGate { into } } """
DOCUMENTS = (
    "{ organization { name revision } }",
    "{ organization { today openMonth } }",
    "{ organization { acts { act allowed why } } }",
    "{ organization { rollUp { weighted { value { amount } omitted } waiting { into oldestDays } } } }",
    "{ organization { people(first: 50) { totalCount edges { node { name } } } tokens { label } } }",
    "{ organization { nodes(first: 50) { totalCount edges { node { name } } } } }",
    "{ organization(asOf: 3) { name revision today } }",
    "{ viewer { person { name } seats { role } organization { name } } }",
    "{ viewer { decisions { totalCount } } }",
)
NODES = ("Growth", "Service", "Contracts", "Full service", "DACH", None)


@dataclass
class Walk:
    """People and machines with random seats in one company, and two applications that they ask."""

    alder: Company
    random: Random
    keeping: House
    running: House
    askers: list[tuple[httpx.AsyncClient, httpx.AsyncClient]] = field(default_factory=list)
    seats: list[UUID] = field(default_factory=list)

    async def comes(self, who: str, scopes: frozenset[Scope] | None = None) -> None:
        """Somebody signs in at both; with scopes a machine in whose place they are."""
        secret = new_secret(TOKEN)
        made = Credential(
            organization_id=self.alder.id,
            person_id=self.alder.people[who],
            kind=TOKEN,
            hash=digest(secret),
            scopes=None if scopes is None else sorted(scopes),
            created_at=self.alder.now,
            expires_at=self.alder.now + timedelta(days=90),
        )
        await made.save(force_create=True)
        bearer = f"Bearer {secret}"
        self.askers.append(
            (await self.keeping.stranger(Authorization=bearer), await self.running.stranger(Authorization=bearer))
        )

    def document(self) -> str:
        """What some of them ask."""
        if self.random.random() < 0.4:
            name = self.random.choice([each for each in NODES if each])
            return f'{{ node(id: "{self.alder.node(name)}") {{ {EVERY} }} }}'
        return self.random.choice(DOCUMENTS)

    async def asks(self) -> None:
        """Some ask the same; each is told the same by both."""
        document = self.document()
        for keeping, running in self.random.choices(self.askers, k=4):
            answers = [await each.post("/graphql", json={"query": document}) for each in (keeping, running)]
            assert answers[0].text == answers[1].text, document

    async def acts(self) -> None:
        """Something changes: a seat, a name, or the time."""
        alder, what = self.alder, self.random.randrange(4)
        ada, eve = await alder.viewer("ada"), await alder.viewer("eve")
        try:
            if what == 0:
                person = alder.people[self.random.choice(("vera", "emil", "pia", "olaf"))]
                role, node = self.random.choice((Role.VIEWER, Role.EXECUTIVE, Role.OWNER)), self.random.choice(NODES)
                at = alder.nodes[node] if node else None
                seat = await perform(ada, grant_seat, alder.now, person=person, role=role, node=at)
                self.seats.append(seat)
                if role in VOTING:
                    await perform(eve, ratify_seat, alder.now, seat=seat)
            elif what == 1 and self.seats:
                seat = self.seats.pop(self.random.randrange(len(self.seats)))
                await perform(ada, end_seat, alder.now, seat=seat)
            elif what == 2:
                node = self.random.choice(("Growth", "Service"))
                named = {"name": f"{node} {self.random.randrange(1000)}"}
                await perform(await alder.viewer("lea"), edit_node, alder.now, node=alder.nodes[node], fields=named)
            else:
                alder.later(hours=self.random.choice((1, 5, 26)))
        except Refused:
            pass  # the seat is held already, say: then nothing has changed
