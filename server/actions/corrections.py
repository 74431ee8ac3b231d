"""Correcting an actual, also after its period was closed: the controller's, with a reason (law §4)."""

from collections.abc import Sequence
from uuid import UUID

from server.actions.standing import require
from server.actions.values import asked_months, differing, found_line, write
from server.domain.corrections import corrected
from server.domain.facts import FactKind
from server.domain.refusals import Faults
from server.domain.texts import cleaned
from server.domain.values import MonthAmount, Series
from server.live.work import Work
from server.models.cadence import Correction


async def correct_actual(
    work: Work, *, line: UUID, months: Sequence[MonthAmount], reason: str, expected_revision: int | None = None
) -> UUID:
    """Change what months brought or cost, locked ones too; each month is kept as a correction, with the reason.

    A call that changes nothing is accepted and records nothing.
    """
    found, node = await found_line(work, line)
    await require(work, "correctActual", node)
    work.fresh(found, expected_revision, found.name)
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    wanted = asked_months(work, found, Series.ACTUAL, months, faults)
    faults.refuse_if_any()
    changes = await differing(work, found, Series.ACTUAL, wanted)
    if not changes:
        return found.id
    await write(work, found, Series.ACTUAL, changes)
    corrections = [
        Correction(
            organization_id=work.organization.id,
            line_id=found.id,
            month=int(change.month),
            before_units=change.before,
            after_units=change.after,
            currency=found.currency,
            reason=why,
            by_id=work.viewer.person_id,
            at=work.at,
        )
        for change in changes
    ]
    await work.add(*corrections)
    await work.touch(found)
    sentence = corrected(f"“{found.name}” on “{node.name}”", found.currency, changes, why or "")
    await work.record(FactKind.VALUE_CORRECTED, sentence, on=found, node_id=node.id)
    return found.id
