"""What moved a roll-up figure between two revisions, as spoken."""

from uuid import UUID

from server.domain.differences import Asked, RollUpFigure
from server.domain.figures import Period
from server.domain.money import Money
from server.domain.refusals import RefusalCode, Refused
from server.models.database import rows
from server.models.differences import moved_by
from server.schema.context import Context
from server.schema.fields import spoken
from server.schema.figures import FigureInput, reporting_currency
from server.schema.ledger import FACT_COLUMNS, Fact, visible_facts
from server.schema.money import priced_at, told
from server.schema.past import check_revision

MOST_PARTS = 1_000

spoken(
    RollUpFigure,
    "The figures of a roll-up whose difference can be explained.",
    PLAN="The plan of every measure.",
    OUTLOOK="The outlook of active measures.",
    ACTUAL="What was recorded as actual.",
    CONFIRMED="What controllers have confirmed.",
    GAP="Outlook − plan.",
    WEIGHTED="Headline plan of active measures × the weight of their stage.",
    SPEND="The actuals of all cost lines.",
    SPEND_BEFORE_DECISION="What was spent on measures below DECIDED.",
    ON_HOLD="The bar of the leakage for measures on hold: their plan, taken off.",
    CANCELLED="The bar of the leakage for cancelled measures: their plan, taken off.",
    BELOW_PLAN="The bar of the leakage for active measures: outlook − plan.",
    NOT_YET_CONFIRMED="The bar of the leakage for what is still to be found in the books: confirmed − outlook.",
)


async def changes_of(
    context: Context, place: UUID | None, asked: Asked, period: Period, span: tuple[int, int], most: int
) -> list[FigureInput]:
    """The parts of a difference, in the ledger's order, each with its fact; all beyond the `most` largest as one.

    Raises Refused: INVALID for revisions that are none, or a figure that is none; FORBIDDEN without the right to read
    amounts there.
    """
    first, last = span
    asked.check()
    if first > last:
        raise Refused(RefusalCode.INVALID, f"from is {first}, and to is {last}; name the earlier one first.", ["from"])
    if not 1 <= most <= MOST_PARTS:
        raise Refused(RefusalCode.INVALID, f"most is {most}; ask for 1 to {MOST_PARTS} parts.", ["most"])
    for revision, field in ((first, "from"), (last, "to")):
        await check_revision(context, revision, field)
    if not await priced_at(context, place or context.viewer.organization_id, whole=place is None):
        message = "You may not read amounts here. A seat that reads money opens them; ask an administrator for one."
        raise Refused(RefusalCode.FORBIDDEN, message, ["under"])
    found = await moved_by(context.db, context.viewer, place, asked, period, span)
    return await _told(context, found, most)


async def _told(context: Context, found: list[tuple[int, int]], most: int) -> list[FigureInput]:
    currency = await reporting_currency(context)
    by_size = sorted(found, key=lambda part: (-abs(part[1]), part[0]))
    shown, rest = sorted(by_size[:most]), by_size[most:]
    facts = await _facts(context, [revision for revision, _ in shown])
    parts = []
    for revision, units in shown:
        fact = facts.get(revision)
        name = f"Revision {revision}"  # what the viewer may not read is counted, and not told
        if fact is not None:
            name = await told(context, fact.row["node_id"], fact.row["sentence"])
        parts.append(FigureInput(name=name, value=str(Money(units, currency)), thing=fact))
    if rest:
        together = Money(sum(units for _, units in rest), currency)
        parts.append(FigureInput(name=f"{len(rest):,} smaller changes together", value=str(together)))
    return parts


async def _facts(context: Context, revisions: list[int]) -> dict[int, Fact]:
    sight, values = visible_facts(context, None)
    sql = f"""SELECT {FACT_COLUMNS} FROM ledger_entry
              WHERE organization_id = :organization AND revision IN :revisions AND {sight}"""
    organization = context.viewer.organization_id
    found = await rows(context.db, sql, organization=organization, revisions=revisions, **values)
    return {row["revision"]: Fact.of(row) for row in found}
