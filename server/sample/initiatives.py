"""The life of an initiative as acts: written down, worked out, decided, delivered, confirmed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from server.actions.cascade import create_node, edit_node
from server.actions.milestones import attach_evidence
from server.actions.values import add_value_line, confirm_value, record_actual, set_forecast, set_plan
from server.domain.cascade import Level
from server.domain.policy import DEFAULT
from server.domain.stages import Stage
from server.domain.values import COSTS, NEVER_RECURRING, MonthAmount
from server.sample.acts import Act, Ref, who
from server.sample.calendar import Calendar
from server.sample.figures import Months, estimate, hundreds, in_euro, is_large, listed, planned, share_of
from server.sample.grammar import Initiative, Line
from server.sample.passages import committee, ended, passage, sent_back, waiting
from server.sample.places import PROGRAMS, REGISTER, SPONSORS
from server.sample.steps import steps

_LEADS = {program.key: program.owner for program in PROGRAMS}
BOOKED = (126, 96, 66, 35, 4)
"""Days ago when the actuals of the last months were booked; the review cycle of each is closed the day after."""
_CONFIRMED = (30, 2)  # days ago: the last two month ends
_REVISED = 19  # days ago: the last forecast round
_SWAY = 8  # per cent by which a month's actual differs from its neighbours


def initiative_acts(calendar: Calendar, number: int, it: Initiative) -> Iterator[Act]:
    """Everything that happened around an initiative."""
    yield from _written(calendar, number, it)
    yield from _worked_out(calendar, it)
    yield from _decided(calendar, it)
    yield from _booked(calendar, it)
    yield from _delivered(calendar, it)
    yield from waiting(it, it.controller, _validated(it))
    yield from ended(calendar, it)


def _written(calendar: Calendar, number: int, it: Initiative) -> Iterator[Act]:
    lead, created = _LEADS[it.parent], it.passed[0]
    fields = {
        "name": it.name,
        "description": it.about,
        "owner": who(it.owner),
        "businessUnit": it.unit,
        "tags": list(it.tags),
        "externalIds": [(REGISTER, f"I-{number + 1:03}")],
    }
    given = {"level": Level.INITIATIVE, "parent": Ref(it.parent), "fields": fields}
    yield Act(created, lead, create_node, given, it.key)
    identified = it.since(Stage.IDENTIFIED)
    named: dict[str, Any] = {"estimatedValue": estimate(it)}
    if identified is not None:
        named |= {"sponsor": who(SPONSORS[it.parent]), "controller": who(it.controller)}
    ago = created - 3 if identified is None else identified + 6
    yield Act(ago, it.owner, edit_node, {"node": Ref(it.key), "fields": named})
    for index, line in enumerate(it.lines):
        yield from _lined(calendar, it, line, f"{it.key}/{index}", ago)
    if identified is not None:
        yield from passage(it, Stage.IDENTIFIED, identified + 4, [(lead, identified)], None, it.controller)


def _lined(calendar: Calendar, it: Initiative, line: Line, key: str, ago: int) -> Iterator[Act]:
    fields: dict[str, Any] = {"name": line.name}
    if line.source:
        fields |= {"baseline": Decimal(line.base * 1000), "baselineSource": line.source}
        fields["baselineDate"] = calendar.month(it.passed[0]).first_day
    recurring = line.kind not in NEVER_RECURRING
    given = {"initiative": Ref(it.key), "kind": line.kind, "recurring": recurring, "currency": line.currency}
    yield Act(ago, it.owner, add_value_line, given | {"fields": fields}, key)
    yield _series(ago, it.owner, set_plan, key, planned(calendar, it, line))


def _series(ago: int, by: str, verb: Any, key: str, months: Months) -> Act:
    wanted: list[MonthAmount] = listed(months)
    return Act(ago, by, verb, {"line": Ref(key), "months": wanted})


def _worked_out(calendar: Calendar, it: Initiative) -> Iterator[Act]:
    detailed, open_into = it.since(Stage.DETAILED), it.waiting.days if it.waiting else None
    if detailed is None and open_into is None:
        return
    ago = detailed + 13 if detailed is not None else (open_into or 0) + 30
    if it.sent_back and it.sent_back.into is Stage.DETAILED:
        ago = it.sent_back.days + 12
    fields = {"risks": it.risks, "overlaps": it.overlaps} | ({"gapExplanation": it.gap} if it.gap else {})
    yield Act(ago, it.owner, edit_node, {"node": Ref(it.key), "fields": fields})
    yield from steps(calendar, it, _LEADS[it.parent], ago)
    yield from sent_back(it)
    if detailed is not None:
        yield from passage(it, Stage.DETAILED, detailed + 6, [(SPONSORS[it.parent], detailed)], None, it.controller)


def _validated(it: Initiative) -> Decimal:
    """What the controller finds plausible of the full year's value."""
    value, _ = estimate(it)
    return hundreds(value * 97 / 100)


def _decided(calendar: Calendar, it: Initiative) -> Iterator[Act]:
    decided = it.since(Stage.DECIDED)
    if decided is None:
        return
    large = is_large(calendar, it)
    voters = (SPONSORS[it.parent], it.controller, *committee(it, large=large))
    days = (7, 5, 2, 0) if large else (4, 0)
    votes = [(voter, decided + day) for voter, day in zip(voters, days, strict=True)]
    yield from passage(it, Stage.DECIDED, decided + 12, votes, _validated(it), it.controller)
    opened = decided - 1
    for index, line in enumerate(it.lines):
        months = _from(planned(calendar, it, line), calendar, opened)
        if months:
            yield _series(opened, it.owner, set_forecast, f"{it.key}/{index}", months)
    yield from _revised(calendar, it)


def _from(months: Months, calendar: Calendar, ago: int) -> Months:
    first = calendar.month(ago)
    return {month: amount for month, amount in months.items() if month >= first}


def _revised(calendar: Calendar, it: Initiative) -> Iterator[Act]:
    """The last forecast round; of a closed initiative, the one before closing."""
    closed = it.since(Stage.CLOSED)
    if it.ended and it.ended.days > _REVISED:
        return
    ago = _REVISED if closed is None else closed + 9
    for index, line in enumerate(it.lines):
        months = _from(planned(calendar, it, line), calendar, ago)
        if months and line.expected != 100:  # noqa: PLR2004 — per cent
            revised = share_of(months, line.expected, f"{it.key} {line.name} forecast", _SWAY // 2)
            yield _series(ago, it.owner, set_forecast, f"{it.key}/{index}", revised)


def _actual(calendar: Calendar, it: Initiative, line: Line) -> Months:
    return share_of(planned(calendar, it, line), line.comes, f"{it.key} {line.name}", _SWAY)


def _booked(calendar: Calendar, it: Initiative) -> Iterator[Act]:
    """Actuals at month ends, from DECIDED on; before it only what was spent early."""
    decided, closed = it.since(Stage.DECIDED), it.since(Stage.CLOSED)
    if decided is None:
        yield from _spent_early(calendar, it)
        return
    own = () if closed is None else (closed + 40, closed + 8)
    regular = (ago for ago in BOOKED if ago < decided and (closed is None or ago > closed + 8))
    implemented = it.since(Stage.IMPLEMENTED)
    first = (implemented + 9,) if implemented and implemented > (own or BOOKED[-2:])[0] + 30 else ()
    rounds = tuple(sorted({*first, *own, *regular}, reverse=True))
    if it.ended:
        rounds = tuple(ago for ago in rounds if ago > it.ended.days) or (it.ended.days + 6,)
    for index, line in enumerate(it.lines):
        written: set[int] = set()
        for ago in rounds:
            months = {
                month: amount
                for month, amount in _actual(calendar, it, line).items()
                if month < calendar.month(ago) and month not in written
            }
            written |= set(months)
            if months:
                yield _series(ago, it.owner, record_actual, f"{it.key}/{index}", months)


def _spent_early(calendar: Calendar, it: Initiative) -> Iterator[Act]:
    for index, line in enumerate(it.lines):
        if line.early and line.kind in COSTS:
            half = hundreds(Decimal(line.size * line.early * 10) / 2)
            for spent in (75, 44):
                month = calendar.month(spent)
                ago = next(ago for ago in BOOKED if calendar.month(ago) > month)
                yield _series(ago, it.owner, record_actual, f"{it.key}/{index}", {month: half})


def _delivered(calendar: Calendar, it: Initiative) -> Iterator[Act]:
    implemented, closed = it.since(Stage.IMPLEMENTED), it.since(Stage.CLOSED)
    if implemented is None:
        return
    sponsor = SPONSORS[it.parent]
    yield from passage(it, Stage.IMPLEMENTED, implemented + 5, [(sponsor, implemented)], None, it.controller)
    rounds: tuple[int, ...] = _CONFIRMED if closed is None else (closed + 6,)
    if closed is None and sum(map(ord, it.key)) % 3 == 0:
        rounds = rounds[:1]  # finance has not come to it yet this month
    total = Decimal(0)
    for index, line in enumerate(it.lines):
        written: set[int] = set()
        for ago in rounds:
            actual = _actual(calendar, it, line)
            last = min(calendar.month(ago), calendar.month(BOOKED[-2] if ago > BOOKED[-1] else BOOKED[-1]))
            last = last if closed is None else calendar.month(closed + 8)
            months = {month: amount for month, amount in actual.items() if month < last and month not in written}
            written |= set(months)
            found = share_of(months, 100 if line.kind in COSTS else 98)
            if found:
                yield _series(ago, it.controller, confirm_value, f"{it.key}/{index}", found)
            if line.kind in DEFAULT.headline_kinds:
                total += sum(in_euro(calendar, line, found).values(), Decimal(0))
    if closed is not None:
        yield from _accounted(calendar, it, closed + 7)
        yield from passage(it, Stage.CLOSED, closed + 5, [(it.controller, closed)], total, it.controller)
    elif it.waiting:
        yield from _accounted(calendar, it, it.waiting.days + 1)


def _accounted(calendar: Calendar, it: Initiative, ago: int) -> Iterator[Act]:
    """What closing asks for: the variance explained, and evidence of the value."""
    on = calendar.day(ago)
    proof = {"measure": Ref(it.key), "source": f"Closing statement of finance, {on:%B %Y}", "on": on}
    proof["url"] = f"https://docs.wendelau.example/closing/{it.key}.pdf"
    explained = {"node": Ref(it.key), "fields": {"varianceExplanation": it.variance}}
    yield Act(ago, it.owner, edit_node, explained)
    yield Act(ago, it.owner, attach_evidence, proof)
