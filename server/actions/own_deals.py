"""Nobody decides on their own quota or results (law §2): who a seller is, where a deal only names them."""

from collections.abc import Iterable, Mapping
from typing import Any

from server.domain.matching import is_own, same
from server.domain.refusals import RefusalCode, Refused
from server.live.work import Work
from server.models.people import Person

_SHOWN = 20


async def own_names(work: Work) -> frozenset[str]:
    """What deals call their seller who is the viewer: the name and the address, as they are compared."""
    person = await Person.filter(id=work.viewer.person_id).using_db(work.db).first()
    return frozenset({same(work.viewer.name), same(person.email if person else None)} - {""})


async def check_not_own_deals(work: Work, deals: Iterable[Mapping[str, Any]], field: str) -> None:
    """Refuse where the viewer sells one of these deals, given by `external_id` and `seller`: all of them named."""
    names = await own_names(work)
    own = sorted({deal["external_id"] for deal in deals if is_own(names, deal["seller"])})
    if own:
        which = f"“{own[0]}”" if len(own) == 1 else f"{len(own):,} of these deals"
        message = f"You are the seller of {which}: nobody decides on their own results. Ask another to record them."
        raise Refused(RefusalCode.SAME_PERSON, message, [field], [f"“{each}”" for each in own[:_SHOWN]])
