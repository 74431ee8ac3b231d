"""Gathering a board pack by asking the API's own questions as the person who will read it.

Whoever calls hands over `ask`, which runs a document as them: sight, amounts and as-of are then the API's, and nothing
is decided a second time here.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from server.domain.money import decimal, exponent
from server.domain.months import Month, months_between
from server.domain.refusals import RefusalCode, Refused, not_found
from server.domain.stages import Stage
from server.exchange import pack_documents as documents
from server.exchange.board_pack import (
    About,
    Amount,
    BoardPack,
    ChangeRow,
    Changes,
    DecisionRow,
    FindingRow,
    Five,
    KindRow,
    Lights,
    Listed,
    MeasureRow,
    MonthRow,
    SalesRow,
    StageRow,
    Step,
)

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Runs a document with variables as the reader; answers its data, or raises Refused."""

MOST_MEASURES = 2_000
MOST_MONTHS = 36
MOST_CHANGES = 25
USUALLY_SINCE = timedelta(days=30)
_TOTALS = frozenset({"Plan", "Outlook", "Confirmed"})  # the bars of the waterfall that stand on the ground
_TRIES = 3  # times it is looked again whether somebody wrote while the pack was read


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pack is asked for: a node (None: the organization) in a period, as of then or now, told since a day."""

    node: str | None = None
    first: str | None = None
    last: str | None = None
    as_of: int | None = None
    as_of_time: datetime | None = None
    since: date | None = None


async def gather(ask: Ask, wanted: Wanted, at: datetime) -> BoardPack:
    """The pack, all of it as of one revision.

    Raises Refused: NOT_FOUND for a place that is none or not in sight, INVALID for a period or an as-of that is none.
    """
    pinned = wanted.as_of is not None or wanted.as_of_time is not None
    for _ in range(_TRIES):
        beginning = await ask(documents.BEGINNING, {"asOf": wanted.as_of, "asOfTime": _iso(wanted.as_of_time)})
        revision = int(beginning["then"]["revision"])
        pack = await _Gathering(ask, wanted, at, beginning, revision if pinned else None).pack()
        again = await ask("{ organization { revision } }", {})
        if pinned or again["organization"]["revision"] == revision:
            return pack
    beginning = await ask(documents.BEGINNING, {})  # they do not stop writing: as of the last of it, then
    return await _Gathering(ask, wanted, at, beginning, int(beginning["then"]["revision"])).pack()


class _Gathering:
    """One pack on its way. `revision` is None where it is how things stand now."""

    def __init__(self, ask: Ask, wanted: Wanted, at: datetime, beginning: dict[str, Any], revision: int | None) -> None:
        self.ask, self.wanted, self.at, self.revision = ask, wanted, at, revision
        self.viewer, self.organization = beginning["viewer"], beginning["then"]
        self.newest = int(beginning["now"]["revision"])
        self.policy = self.organization["policy"]
        self.zone = ZoneInfo(self.organization["timeZone"])
        self.first, self.last = wanted.first, wanted.last

    async def pack(self) -> BoardPack:
        """Ask for every part in turn."""
        node = self.wanted.node
        names = await self._place(documents.NAMED) if node else {}
        if node and "level" not in names:  # the id of something that is no node of the cascade
            raise not_found("node")
        figures = (await self._place(documents.FIGURES, documents.PERIOD, **self._period()))["rollUp"]
        self.first, self.last = figures["from"], figures["to"]
        lights = await self._lights()
        measures, sales, listed = await self._measures(names, lights.proposed)
        findings, every = await self._findings()
        return BoardPack(
            about=self._about(names, figures),
            five=_five(figures["headline"]),
            kinds=tuple(self._kinds(figures)),
            months=await self._months(),
            funnel=tuple(self._funnel(figures)),
            leakage=tuple(_steps(figures)),
            measures=measures,
            sales=sales,
            lights=lights,
            findings=findings,
            decisions=await self._decisions(figures),
            changes=await self._changes(),
            listed=replace(listed, findings=every),
        )

    async def _place(self, what: str, variables: str = "", **values: Any) -> dict[str, Any]:
        document = documents.place(self.wanted.node, what, variables)
        if self.wanted.node is not None:
            values["node"] = self.wanted.node
        found: dict[str, Any] | None = (await self.ask(document, values | {"asOf": self.revision}))["place"]
        if found is None:
            raise not_found("node")
        return found

    def _period(self) -> dict[str, str | None]:
        return {"first": self.first, "last": self.last}

    def _about(self, names: dict[str, Any], figures: dict[str, Any]) -> About:
        currency = self.organization["reportingCurrency"]
        headline = {name: figure for name, figure in figures["headline"].items() if name != "kinds"}
        steps = {step["name"]: step["amount"] for step in figures["leakage"] if step["name"] not in _TOTALS}
        return About(
            organization=self.organization["name"],
            place=names.get("name") or self.organization["name"],
            level=names.get("level"),
            above=tuple(one["name"] for one in names.get("ancestors", ())),
            currency=currency,
            places=exponent(currency),
            first=figures["from"],
            last=figures["to"],
            revision=int(self.organization["revision"]),
            as_of=datetime.combine(date.fromisoformat(self.organization["today"]), time(), self.zone),
            of_then=self.wanted.as_of is not None or self.wanted.as_of_time is not None,
            made_at=self.at.astimezone(self.zone),
            made_by=self.viewer["person"]["name"],
            standing=_standing(self.viewer["seats"]),
            policy=f"“{self.policy['name']}”, version {self.policy['version']}"
            + ("" if self.policy["locked"] else ", not locked"),
            kinds=tuple(figures["headline"]["kinds"]),
            rates=tuple((one["fiscalYear"], one["currency"], one["rate"]) for one in self.organization["planRates"]),
            priced=figures["headline"]["plan"]["value"] is not None,
            omitted=max(int(figure["omitted"]) for figure in headline.values()),
            formulas=tuple((name, figure["formula"]) for name, figure in (headline | steps).items()),
        )

    def _kinds(self, figures: dict[str, Any]) -> Iterator[KindRow]:
        headline = set(figures["headline"]["kinds"])
        for row in figures["byKind"]:
            yield KindRow(row["kind"], row["kind"] in headline, _five(row), _value(row["runRate"]))

    def _funnel(self, figures: dict[str, Any]) -> Iterator[StageRow]:
        names = {stage["stage"]: stage["name"] for stage in self.policy["stages"]}
        for row in figures["funnel"]:
            name = names.get(row["stage"]) or Stage(row["stage"]).spoken
            values = (_value(row[each]) for each in ("plan", "outlook", "confirmed"))
            yield StageRow(row["stage"], name, row["measures"], *values)

    async def _months(self) -> tuple[MonthRow, ...]:
        every = [str(month) for month in months_between(Month.parse(self.first or ""), Month.parse(self.last or ""))]
        if len(every) > MOST_MONTHS:
            message = f"A board pack shows at most {MOST_MONTHS} months; {self.first} to {self.last} are {len(every)}."
            raise Refused(RefusalCode.INVALID, f"{message} Name a shorter period.", ["from"])
        found = []
        for begin in range(0, len(every), documents.MONTHS_AT_ONCE):
            names = every[begin : begin + documents.MONTHS_AT_ONCE]
            answer = await self._place(documents.months(names))
            for name in names:
                headline = answer[f"m{name.replace('-', '')}"]["headline"]
                found.append(MonthRow(name, *(_value(headline[each]) for each in ("plan", "outlook", "actual"))))
        return tuple(found)

    async def _measures(
        self, names: dict[str, Any], proposed: bool
    ) -> tuple[tuple[MeasureRow, ...], tuple[SalesRow, ...], Listed]:
        field = "descendants" if self.wanted.node else "nodes"
        found: list[dict[str, Any]] = []
        if names.get("level") in {"INITIATIVE", "SALES_PLAN"}:
            found.append(names | await self._place(documents.SELF, documents.PERIOD, **self._period()))
        after, more, every = None, True, len(found)
        while more and len(found) < MOST_MEASURES:
            asked = {"page": documents.PAGE, "after": after} | self._period()
            page = (await self._place(documents.measures(field), documents.PAGED, **asked))[field]
            found += [edge["node"] for edge in page["edges"]]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
            every = max(every, page["totalCount"])
        measures = tuple(_measure(row, proposed) for row in found if "rollUp" in row)
        sales = tuple(_sales_plan(row, proposed) for row in found if "sales" in row)
        left_out = max(0, every - len(found))
        measures = tuple(sorted(measures, key=lambda row: (-(row.five.plan or 0), row.name)))
        return measures, sales, Listed(len(measures) + left_out, len(sales), 0)

    async def _lights(self) -> Lights:
        """The matrix as lights are set; where nobody has set any since the last review, as they are proposed."""
        matrices = await self._place(documents.LIGHTS)
        unset = all(
            cell["implementation"] == cell["potential"] == "GREY" for cell in matrices["shown"] if cell["measures"]
        )
        cells = {
            (cell["implementation"], cell["potential"]): (int(cell["measures"]), _value(cell["plan"]))
            for cell in matrices["proposed" if unset else "shown"]
            if cell["measures"]
        }
        return Lights(cells, proposed=unset)

    async def _findings(self) -> tuple[tuple[FindingRow, ...], int]:
        found = (await self._place(documents.FINDINGS))["findings"]
        rows = tuple(_finding(edge["node"], self.organization["name"], self.zone) for edge in found["edges"])
        return rows, int(found["totalCount"])

    async def _decisions(self, figures: dict[str, Any]) -> tuple[DecisionRow, ...]:
        waiting = [one["source"] for gate in figures["waiting"] for one in gate["value"]["inputs"] if one["source"]]
        ids = [source["id"] for source in waiting if "id" in source][: documents.PAGE]
        if not ids:
            return ()
        asked = {"ids": ids, "asOf": self.revision} | self._period()
        rows = (
            _decision(row, self._today(), self._stalled())
            for row in (await self.ask(documents.WAITING, asked))["nodes"]
        )
        return tuple(sorted((row for row in rows if row), key=lambda row: (-row.days, row.measure)))

    def _today(self) -> date:
        return date.fromisoformat(self.organization["today"])

    def _stalled(self) -> int:
        return int(self.policy["cadence"]["stalledAfterDays"])

    async def _changes(self) -> Changes:
        """What moved the outlook since a day; where none is named since the last review, else for 30 days."""
        day, review = self.wanted.since, self._last_review()
        if day is None and review is not None:
            since = datetime.fromisoformat(review["closedAt"]).astimezone(self.zone)
            after, begin = f"review cycle {review['number']} was closed", int(review["closedRevision"])
        else:
            since = datetime.combine(day or self._today() - USUALLY_SINCE, time(), self.zone)
            after, begin = "", await self._revision_at(since)
        try:
            return Changes(since, begin, after, await self._moved(begin))
        except Refused as refused:  # the right to amounts is missing, or the past was not kept yet
            return Changes(since, None, after, (), refused.message)

    def _last_review(self) -> dict[str, Any] | None:
        cycles = (edge["node"] for edge in self.organization["cycles"]["edges"])
        return next((cycle for cycle in cycles if cycle["closedRevision"]), None)

    async def _revision_at(self, moment: datetime) -> int:
        """The last revision by then; the first one where the ledger begins later."""
        try:
            found = await self.ask(documents.REVISION_AT, {"time": moment.isoformat()})
        except Refused:
            return 1
        return int(found["organization"]["revision"])

    async def _moved(self, begin: int) -> tuple[ChangeRow, ...]:
        under = self.wanted.node or self.organization["id"]
        asked = {"from": begin, "to": int(self.organization["revision"]), "under": under, "most": MOST_CHANGES}
        parts = (await self.ask(documents.CHANGES, asked | self._period()))["changesBetween"]
        rows = [_change(part, self.zone) for part in parts]
        return tuple(sorted(rows, key=lambda row: -abs(row.amount or Decimal(0))))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _value(figure: dict[str, Any]) -> Amount:
    return Decimal(figure["value"]["amount"]) if figure["value"] else None


def _five(figures: dict[str, Any]) -> Five:
    return Five(*(_value(figures[each]) for each in ("plan", "outlook", "actual", "confirmed", "gap")))


def _steps(figures: dict[str, Any]) -> Iterator[Step]:
    for step in figures["leakage"]:
        name = step["name"]
        yield Step(name, step["measures"], _value(step["amount"]), total=name in _TOTALS)


def _named(thing: dict[str, Any] | None) -> str:
    return str(thing["name"]) if thing else ""


def _who(row: dict[str, Any], *, proposed: bool) -> dict[str, Any]:
    """What an initiative and a sales plan have in common."""
    named = {"parent": _named(row["parent"]), "owner": _named(row["owner"])}
    view = "proposed" if proposed else "shown"
    lights = {name: row["lights"][name][view] for name in ("implementation", "potential")}
    return named | {name: row[name] for name in ("id", "name", "stage", "standing")} | lights


def _measure(row: dict[str, Any], proposed: bool) -> MeasureRow:
    return MeasureRow(**_who(row, proposed=proposed), five=_five(row["rollUp"]["headline"]))


def _sales_plan(row: dict[str, Any], proposed: bool) -> SalesRow:
    sales = row["sales"]
    return SalesRow(
        **_who(row, proposed=proposed),
        quota=_value(sales["quota"]),
        won=_value(sales["won"]),
        open_pipeline=_value(sales["openPipeline"]),
        weighted=_value(sales["weightedPipeline"]),
    )


def _decision(row: dict[str, Any] | None, today: date, stalled_after: int) -> DecisionRow | None:
    if not row or not row.get("nextGate") or not row["nextGate"]["submission"]:
        return None
    gate = row["nextGate"]
    since = datetime.fromisoformat(gate["submission"]["submittedAt"]).date()
    people = [_waiting_for(decider) for decider in gate["waitingOn"]]
    days = (today - since).days
    value = _value(row["rollUp"]["headline"]["plan"])
    into = Stage(gate["into"]).spoken
    return DecisionRow(row["name"], into, "; ".join(people), since, days, days > stalled_after, value)


def _waiting_for(decider: dict[str, Any]) -> str:
    names = ", ".join(person["name"] for person in decider["people"])
    role = decider["role"].replace("_", " ").lower()
    return f"{names} ({role})" if names else f"no {role}"


def _finding(row: dict[str, Any], organization: str, zone: ZoneInfo) -> FindingRow:
    return FindingRow(
        code=row["code"],
        severity=row["severity"],
        on=_named(row["on"]) or organization,
        sentence=row["sentence"],
        at_stake=Decimal(row["atStake"]["amount"]) if row["atStake"] else None,
        since=datetime.fromisoformat(row["since"]).astimezone(zone).date(),
    )


def _change(part: dict[str, Any], zone: ZoneInfo) -> ChangeRow:
    fact = part["source"] or {}
    at = datetime.fromisoformat(fact["at"]).astimezone(zone) if "at" in fact else None
    amount = decimal(part["value"].rpartition(" ")[0].replace(",", ""))
    return ChangeRow(part["name"], at, _named(fact.get("by")), amount)


def _standing(seats: Iterable[dict[str, Any]]) -> str:
    told = []
    for seat in seats:
        role = seat["role"].replace("_", " ").lower()
        where = "the whole organization" if seat["everywhere"] else _named(seat["at"]) or "a branch"
        money = " with amounts" if seat["readsMoney"] else " without amounts"
        told.append(f"{role} of {where}{money}")
    return "; ".join(told) or "no seat"
