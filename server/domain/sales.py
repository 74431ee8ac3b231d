"""Sales plans: opportunities and the figures that compare them with quota (law §5). Money is in integer minor units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from server.domain.money import minor
from server.domain.months import Month
from server.domain.refusals import Faults

SIX_PLACES = Decimal("0.000001")
CERTAIN = 1_000_000  # millionths: a probability of 1
LONGEST_SEGMENT = 200
WHOLE = 10_000  # hundredths of a per cent: the weights of one seller


class OpportunityState(StrEnum):
    """Where an opportunity stands, whatever the CRM calls its stages."""

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"


class ForecastCategory(StrEnum):
    """How surely a seller counts on a deal, as the CRM says; where it says nothing, that is null and never guessed."""

    PIPELINE = "PIPELINE"
    BEST_CASE = "BEST_CASE"
    COMMIT = "COMMIT"
    CLOSED = "CLOSED"
    OMITTED = "OMITTED"


LATE_STAGE = (ForecastCategory.COMMIT, ForecastCategory.BEST_CASE)
LIKELY = CERTAIN // 2  # from this probability on a deal without a category is late-stage


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
    FORECAST_CATEGORY = "FORECAST_CATEGORY"


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


def over_assignment(quota: int, planned: int) -> Decimal | None:
    """Σ quotas ÷ planned revenue − 1 (law §5); below zero where quota falls short; None without planned revenue."""
    share = ratio(quota, planned)
    return None if share is None else share - 1


def average_won(won_amount: int, won_count: int) -> int | None:
    """Average amount of a won opportunity in minor units, half up; lost ones never enter it."""
    if not won_count:
        return None
    return int((Decimal(won_amount) / won_count).quantize(Decimal(1), ROUND_HALF_UP))


def weighted(units: int | None, probability: int | None) -> int | None:
    """Amount × probability (in millionths), half to even; None where either is unknown (law §5)."""
    if units is None or probability is None:
        return None
    return round(Fraction(units * probability, CERTAIN))


@dataclass(frozen=True, slots=True)
class QuotaAmount:
    """Quota of a month in the reporting currency; of one segment where it is cut by a dimension."""

    month: Month
    amount: Decimal
    dimension: SalesDimension | None = None
    segment: str | None = None


def check_quota(
    quota: Sequence[QuotaAmount], standing: Iterable[str], currency: str, faults: Faults
) -> dict[tuple[Month, str, str], int]:
    """Quota in minor units by (month, dimension, segment); what is wrong is added to `faults`.

    `standing` are the dimensions by which the plan's other months are cut: a plan is cut one way only, or totals would
    count twice.
    """
    wanted: dict[tuple[Month, str, str], int] = {}
    cuts = set(standing)
    if not quota:
        faults.add("Name at least one month.", "quota")
    for index, asked in enumerate(quota):
        segment = (asked.segment or "").strip()
        key = (asked.month, asked.dimension.value if asked.dimension else "", segment)
        for field, sentence in _quota_faults(asked, segment, currency):
            faults.add(f"{asked.month}: {sentence}", "quota", str(index), field)
        if key in wanted:
            faults.add(f"{asked.month} {segment}: named twice; name each once.".replace(" :", ":"), "quota", str(index))
        wanted[key] = 0
        cuts.add(key[1])
        try:
            wanted[key] = minor(asked.amount, currency)
        except ValueError as error:
            faults.add(f"{asked.month}: {error}.", "quota", str(index), "amount")
    if len(cuts) > 1:
        ways = " and ".join(sorted(cut.lower().replace("_", " ") or "no segment" for cut in cuts))
        faults.add(
            f"A plan's quota is cut by one dimension; this would cut it by {ways}. Replace every month at once.",
            "quota",
        )
    return wanted


def _quota_faults(asked: QuotaAmount, segment: str, currency: str) -> Iterable[tuple[str, str]]:
    if not asked.month.known:
        yield "month", "this is not a month between 1900-01 and 2199-12."
    if asked.dimension and asked.dimension not in SEGMENTS:
        known = ", ".join(sorted(SEGMENTS))
        yield "dimension", f"quota is cut by {known}, not by {asked.dimension}."
    if bool(asked.dimension) != bool(segment):
        yield "segment", "a dimension needs a segment, and a segment a dimension."
    if len(segment) > LONGEST_SEGMENT or "\x00" in segment:
        yield "segment", f"a segment's name has at most {LONGEST_SEGMENT} characters, and no NUL."
    if asked.amount.is_finite() and asked.amount < 0:
        yield "amount", f"quota is not below zero; {asked.amount} {currency} is."


@dataclass(frozen=True, slots=True)
class IncentiveShare:
    """How much of a seller's incentive hangs on what: `weight` in per cent, `rewards` a node of the cascade or none."""

    seller: UUID
    name: str
    weight: Decimal
    rewards: UUID | None = None


def weight_of(share: IncentiveShare) -> int:
    """The weight in hundredths of a per cent. Raises ValueError where it is none."""
    if not share.weight.is_finite() or not 0 < share.weight <= 100:  # noqa: PLR2004 — per cent
        raise ValueError(f"a weight lies above 0 and not above 100 per cent; {str(share.weight)[:30]} does not")
    units, rest = divmod(Fraction(share.weight) * 100, 1)
    if rest:
        raise ValueError(f"a weight has at most two decimals; {str(share.weight)[:30]} has more")
    return int(units)
