"""Sales plans: quota, incentives and the results that a CRM reports (law §5)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from server.actions.own_deals import own_names
from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.matching import is_own
from server.domain.money import Money
from server.domain.months import Month
from server.domain.refusals import Faults, RefusalCode, Refused
from server.domain.sales import (
    WHOLE,
    IncentiveShare,
    QuotaAmount,
    SalesDimension,
    check_quota,
    weight_of,
)
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import rows
from server.models.people import Person
from server.models.sales import Incentive, Quota
from server.models.scope import visible

_BULK = 500
_LONGEST_NAME = 200


async def set_quota(
    work: Work, *, plan: UUID, quota: Sequence[QuotaAmount], expected_revision: int | None = None
) -> UUID:
    """Replace the quota of the months named, in the reporting currency; other months stay.

    The plan gets a new revision. A call that changes nothing records nothing.
    """
    node = await work.node(plan, "plan")
    await require(work, "setQuota", node)
    work.fresh(node, expected_revision, node.name)
    stored = await Quota.filter(node_id=node.id).using_db(work.db)
    named = {int(asked.month) for asked in quota}
    seller = SalesDimension.SELLER.value
    replaced = {row.segment for row in stored if row.month in named and row.dimension == seller}
    await check_other_seller(work, node, quota, replaced)
    others = {row.dimension for row in stored if row.month not in named}
    faults = Faults()
    wanted = check_quota(quota, others, work.organization.reporting_currency, faults)
    faults.refuse_if_any()
    before = {(Month(row.month), row.dimension, row.segment): row.units for row in stored if row.month in named}
    differing = sorted(key for key in before.keys() | wanted.keys() if before.get(key) != wanted.get(key))
    if differing:
        await replace_quota(work, node, [row.row for row in stored if row.month in named], wanted)
        for key in differing:
            note_quota(work, node, key, before.get(key), wanted.get(key))
        await work.touch(node)
        await work.record(FactKind.QUOTA_CHANGED, _quota_told(work, node, wanted), on=node)
    return node.id


async def check_other_seller(work: Work, node: Node, quota: Iterable[QuotaAmount], replaced: Iterable[str]) -> None:
    """Quota is never set by the seller it is for (law §3): named, taken away with the months it replaces, or alone."""
    me = await own_names(work)
    sellers = {asked.segment for asked in quota if asked.dimension is SalesDimension.SELLER} | {*replaced}
    if any(is_own(me, seller) for seller in sellers or (set(node.sellers) if len(node.sellers) == 1 else ())):
        raise Refused(
            RefusalCode.SAME_PERSON,
            f"“{node.name}”: nobody sets their own quota. Ask another sales manager to set yours.",
            ["quota"],
        )


async def replace_quota(
    work: Work, node: Node, gone: Sequence[int], wanted: Mapping[tuple[Month, str, str], int]
) -> None:
    """Put quota by (month, dimension, segment) in the place of rows; the caller notes what differs."""
    await work.drop_all("quota", "row IN :gone", gone=gone)
    made = [
        Quota(
            node_id=node.id,
            month=int(month),
            dimension=dimension,
            segment=segment,
            units=units,
            since=work.next_revision,
        )
        for (month, dimension, segment), units in wanted.items()
    ]
    await Quota.bulk_create(made, batch_size=_BULK, using_db=work.db)
    work.turned(node.parent_id)


def note_quota(work: Work, node: Node, key: tuple[Month, str, str], before: int | None, after: int | None) -> None:
    """Note for the next fact what one quota was and became, in minor units."""
    month, dimension, segment = key
    work.note(
        thing="quota",
        id=str(node.id),
        field="quota",
        month=int(month),
        dimension=dimension,
        segment=segment,
        currency=work.organization.reporting_currency,
        before=before,
        after=after,
    )


def _quota_told(work: Work, node: Node, wanted: Mapping[tuple[Month, str, str], int]) -> str:
    total = Money(sum(wanted.values()), work.organization.reporting_currency)
    months = {month for month, _, _ in wanted}
    dimension = next(iter(wanted))[1]
    cut = f" by {dimension.lower().replace('_', ' ')}" if dimension else ""
    if len(months) == 1:
        return f"set the {next(iter(months)).spoken} quota of “{node.name}”{cut}: {total}."
    return f"set the quota of “{node.name}”{cut}: {len(months)} months, {total} in all."


async def set_incentives(
    work: Work, *, plan: UUID, incentives: Sequence[IncentiveShare], expected_revision: int | None = None
) -> UUID:
    """Replace the plan's incentive measures.

    One seller's weights add to 100 % at most, over all plans that are not cancelled (law §5; the gate wants them all).
    """
    node = await work.node(plan, "plan")
    await require(work, "setIncentives", node)
    work.fresh(node, expected_revision, node.name)
    check_not_own(work, node, incentives)
    faults = Faults()
    wanted = await checked_incentives(work, node, incentives, faults)
    faults.refuse_if_any()
    stored = await Incentive.filter(node_id=node.id).using_db(work.db)
    standing = {(row.seller_id, row.name, row.weight, row.rewards_id): row for row in stored}
    gone = [row for key, row in standing.items() if key not in wanted]
    new = [key for key in wanted if key not in standing]
    for row in gone:
        await work.drop(row)
    await work.add(
        *(
            Incentive(
                organization_id=work.organization.id,
                node_id=node.id,
                seller_id=seller,
                name=name,
                weight=weight,
                rewards_id=rewards,
            )
            for seller, name, weight, rewards in new
        )
    )
    if gone or new:
        await work.touch(node)
        people = len({seller for seller, *_ in wanted})
        sentence = f"set the incentives of “{node.name}” for {people} {'seller' if people == 1 else 'sellers'}."
        await work.record(FactKind.NODE_CHANGED, sentence, on=node)
    return node.id


Share = tuple[UUID, str, int, UUID | None]
"""Seller, name, weight in hundredths of a per cent, and what it rewards."""


def check_not_own(work: Work, node: Node, incentives: Iterable[IncentiveShare]) -> None:
    """Incentives are never set by the seller they are for (law §3)."""
    if any(share.seller == work.viewer.person_id for share in incentives):
        message = f"“{node.name}”: nobody sets their own incentives. Ask another sales manager to set yours."
        raise Refused(RefusalCode.SAME_PERSON, message, ["incentives"])


async def checked_incentives(
    work: Work, node: Node, incentives: Sequence[IncentiveShare], faults: Faults
) -> list[Share]:
    """The incentives as they are stored; what is wrong with any of them goes to `faults`."""
    wanted = list[Share]()
    sellers = {share.seller for share in incentives}
    people = Person.filter(organization_id=work.organization.id, id__in=list(sellers)).using_db(work.db)
    names = {person.id: person.name for person in await people}
    rewarded = {share.rewards for share in incentives if share.rewards}
    known = await visible(work.db, work.viewer, rewarded)
    for index, share in enumerate(incentives):
        at, name = ("incentives", str(index)), share.name.strip()
        if share.seller not in names:
            faults.add("There is no such person. Check the id of the seller.", *at, "seller")
        if not 0 < len(name) <= _LONGEST_NAME or "\x00" in name:
            faults.add(f"An incentive measure has a name of at most {_LONGEST_NAME} characters.", *at, "name")
        if share.rewards and share.rewards not in known:
            faults.add(f"“{name[:40]}” rewards nothing that you can see. Check the id.", *at, "rewards")
        if any((share.seller, name) == (one, other) for one, other, *_ in wanted):
            faults.add(f"“{name[:40]}” is named twice for one seller; add its weights up.", *at, "name")
        try:
            wanted.append((share.seller, name, weight_of(share), share.rewards))
        except ValueError as error:
            faults.add(f"“{name[:40]}”: {error}.", *at, "weight")
    here = Counter[UUID]()
    for seller, _, weight, _ in wanted:
        here[seller] += weight
    await check_weights(work, node, here, names, faults)
    return wanted


async def check_weights(
    work: Work, node: Node, here: Mapping[UUID, int], names: Mapping[UUID, str], faults: Faults
) -> None:
    """The weights of each seller add to 100 % at most, those under other plans included (law §5)."""
    elsewhere = await _weights_elsewhere(work, node, here)
    for seller, weight in here.items():
        if weight + elsewhere[seller] > WHOLE and seller in names:
            faults.add(
                f"The weights of {names[seller]} add to {_percent(weight + elsewhere[seller])}, "
                f"{_percent(elsewhere[seller])} of them under other plans; 100 % is all there is.",
                "incentives",
            )


async def _weights_elsewhere(work: Work, node: Node, sellers: Iterable[UUID]) -> Counter[UUID]:
    sql = """SELECT i.seller_id, CAST(SUM(i.weight) AS BIGINT) AS weight
             FROM incentive i JOIN node n ON n.id = i.node_id
             WHERE i.seller_id IN :sellers AND i.node_id <> :node AND n.standing <> 'CANCELLED' GROUP BY i.seller_id"""
    found = await rows(work.db, sql, sellers=list(sellers), node=node.id)
    return Counter({row["seller_id"]: row["weight"] for row in found})


def _percent(hundredths: int) -> str:
    return f"{(Decimal(hundredths) / 100).normalize():f} %"
