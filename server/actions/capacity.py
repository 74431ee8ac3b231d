"""Capacity of a sales plan's sellers (law §5)."""

from collections.abc import Sequence
from uuid import UUID

from server.actions.standing import require
from server.domain.capacity import CapacityAmount, check_capacity
from server.domain.facts import FactKind
from server.domain.money import Money
from server.domain.months import Month
from server.domain.refusals import Faults
from server.live.work import Work
from server.models.matching import Capacity

_BULK = 500


async def set_capacity(
    work: Work, *, plan: UUID, capacity: Sequence[CapacityAmount], expected_revision: int | None = None
) -> UUID:
    """Replace the capacity of the sellers and months named, in the reporting currency; the others stay.

    The plan gets a new revision. A call that changes nothing records nothing.
    """
    node = await work.node(plan, "plan")
    await require(work, "setCapacity", node)
    work.fresh(node, expected_revision, node.name)
    currency, faults = work.organization.reporting_currency, Faults()
    wanted = check_capacity(capacity, currency, faults)
    faults.refuse_if_any()
    stored = {(row.seller, Month(row.month)): row for row in await Capacity.filter(node_id=node.id).using_db(work.db)}
    before = {key: row.units for key, row in stored.items()}
    differing = {key: units for key, units in wanted.items() if before.get(key) != units}
    if not differing:
        return node.id
    await work.drop_all("capacity", "row IN :gone", gone=[stored[key].row for key in differing if key in stored])
    made = [
        Capacity(node_id=node.id, seller=seller, month=int(month), units=units, since=work.next_revision)
        for (seller, month), units in differing.items()
        if units is not None
    ]
    await Capacity.bulk_create(made, batch_size=_BULK, using_db=work.db)
    for (seller, month), units in sorted(differing.items(), key=lambda one: one[0]):
        told = {"seller": seller, "month": int(month), "currency": currency}
        was = before.get((seller, month))
        work.note(thing="capacity", id=str(node.id), field="capacity", before=was, after=units, **told)
    await work.touch(node)
    sellers = len({seller for seller, _ in differing})
    total = Money(sum(units or 0 for units in differing.values()), currency)
    told_of = f"{sellers} {'seller' if sellers == 1 else 'sellers'}, {total} in all"
    await work.record(FactKind.QUOTA_CHANGED, f"set the capacity of “{node.name}”: {told_of}.", on=node)
    return node.id
