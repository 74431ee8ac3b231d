"""Sales plans: opportunities and the figures that compare them with quota (law §5). Money is in integer minor units."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

SIX_PLACES = Decimal("0.000001")


class OpportunityState(StrEnum):
    """Where an opportunity stands, whatever the CRM calls its stages."""

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"


class SalesDimension(StrEnum):
    """By what sales figures and quota can be cut."""

    MONTH = "MONTH"
    SELLER = "SELLER"
    PRODUCT = "PRODUCT"
    PRODUCT_GROUP = "PRODUCT_GROUP"
    ACCOUNT = "ACCOUNT"
    ACCOUNT_GROUP = "ACCOUNT_GROUP"
    TERRITORY = "TERRITORY"
    STAGE = "STAGE"


# Quota is set for a month and, where it is cut further, for one segment of one of these.
SEGMENTS = frozenset(
    {SalesDimension.TERRITORY, SalesDimension.PRODUCT, SalesDimension.ACCOUNT_GROUP, SalesDimension.SELLER}
)


def ratio(part: int, whole: int) -> Decimal | None:
    """`part ÷ whole` to six places, half up; None where there is nothing to divide by."""
    return (Decimal(part) / Decimal(whole)).quantize(SIX_PLACES, ROUND_HALF_UP) if whole else None


def attainment(won: int, quota: int) -> Decimal | None:
    """Won in the period ÷ quota of the period (law §5)."""
    return ratio(won, quota)


def gap(quota: int, won: int) -> int:
    """What is still missing: max(quota − won, 0) (law §5)."""
    return max(quota - won, 0)


def win_rate(won: int, lost: int) -> Decimal | None:
    """Won ÷ (won + lost), by number of closed opportunities (law §5)."""
    return ratio(won, won + lost)


def coverage(open_pipeline: int, quota: int, won: int) -> Decimal | None:
    """Open pipeline closing in the period ÷ remaining quota; None once nothing remains (law §5)."""
    return ratio(open_pipeline, gap(quota, won))


def required_coverage(won: int, lost: int) -> Decimal | None:
    """1 ÷ win rate, not a flat 3× (law §5)."""
    return ratio(won + lost, won)


def average_won(won_amount: int, won_count: int) -> int | None:
    """Average amount of a won opportunity in minor units, half up; lost ones never enter it."""
    if not won_count:
        return None
    return int((Decimal(won_amount) / won_count).quantize(Decimal(1), ROUND_HALF_UP))
