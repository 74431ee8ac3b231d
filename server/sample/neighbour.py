"""A second, tiny organization: nothing of it is ever seen from the first, nor the other way round."""

from datetime import datetime

from server.actions.cascade import create_node
from server.actions.founding import Founder, found
from server.actions.seats import add_person, grant_seat
from server.domain.cascade import Level
from server.domain.people import Role
from server.sample.acts import Act, Ids, Ref, who
from server.sample.calendar import Calendar
from server.sample.grammar import Someone
from server.sample.telling import tell

_NAME, _ZONE = "Morwen Foods", "Europe/London"
NEIGHBOUR = Someone("gwen", "Gwen Pascoe", "gwen.pascoe@morwen.example", f"Executive of another organization, {_NAME}")
_ADMIN = Someone("denzel", "Denzel Rowe", "denzel.rowe@morwen.example", "Administration")
_LEAD = Someone("lowenna", "Lowenna Trease", "lowenna.trease@morwen.example", "Transformation office")


async def make_neighbour(calendar: Calendar, password_hash: str, at: datetime) -> None:
    """Found it with three people, and one objective down to one program."""
    founders = [
        Founder(_ADMIN.name, _ADMIN.email or "", password_hash, (Role.ADMIN,)),
        Founder(NEIGHBOUR.name, NEIGHBOUR.email or "", password_hash, (Role.EXECUTIVE,)),
    ]
    organization, people = await found(
        name=_NAME, currency="GBP", time_zone=_ZONE, fiscal_year_start=4, founders=founders, at=at
    )
    ids: Ids = {who(one.key): person for one, person in zip((_ADMIN, NEIGHBOUR), people, strict=True)}
    known = {"name": _LEAD.name, "email": _LEAD.email, "password_hash": password_hash}
    seat = {"person": who(_LEAD.key), "role": Role.PORTFOLIO_LEAD}
    objective = {"name": "Chilled meals in a third of all shops", "metric": "Shops with our shelf", "target": "4200"}
    await tell(
        calendar,
        _ZONE,
        [
            Act(400, _ADMIN.key, add_person, known, who(_LEAD.key)),
            Act(400, _ADMIN.key, grant_seat, seat),
            Act(398, _LEAD.key, create_node, _made(Level.OBJECTIVE, None, objective), "meals"),
            Act(398, _LEAD.key, create_node, _made(Level.PORTFOLIO, "meals", {"name": "Retail"}), "retail"),
            Act(398, _LEAD.key, create_node, _made(Level.PROGRAM, "retail", {"name": "Shelf space"}), "shelf"),
        ],
        ids,
        organization,
    )


def _made(level: Level, parent: str | None, fields: dict[str, str]) -> dict[str, object]:
    return {"level": level, "parent": Ref(parent) if parent else None, "fields": fields}
