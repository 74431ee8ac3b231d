"""The board pack as a PDF for reading and printing, A4 landscape: the same content, set by Typst from `pack.typ`.

Texts travel as JSON and are never read as markup. Only the fonts that Typst brings are used, so that every machine
sets the same pages.
"""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import orjson
import typst

from server.exchange import pack_words as words
from server.exchange.board_pack import FIVE, LIGHTS, Amount, BoardPack, FindingRow, KindRow, MeasureRow, bars
from server.exchange.pack_words import LOOKS, Scale, word

MOST_MEASURES = 200
"""Measures that the paper lists; the workbook holds all."""
_TEMPLATE = Path(__file__).with_name("pack.typ")
_LINES = 5  # about so many lines of a chart's grid


def document(pack: BoardPack) -> bytes:
    """The finished file."""
    told = orjson.dumps(_told(pack)).decode()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    made: bytes = typst.compile(_TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs={"pack": told}, format="pdf")
    return made


def _told(pack: BoardPack) -> dict[str, Any]:
    scale, about = words.scale_of(pack), pack.about
    moved = Scale((row.amount for row in pack.changes.rows), about.currency)
    return {
        "place": about.place,
        "where": words.where(about),
        "period": words.period(about),
        "foot": f"{words.as_of(about)} · made {about.made_at:%Y-%m-%d %H:%M %Z} by {about.made_by}",
        "unit": scale.unit,
        "priced": about.priced,
        "no_amounts": words.NO_AMOUNTS,
        "five": [_card(name, amount, pack, scale) for name, amount in zip(FIVE, pack.five.in_order, strict=True)],
        "months": _months(pack, scale) if about.priced else None,
        "waterfall": _waterfall(pack, scale) if about.priced else None,
        "kinds": [_kind(pack, row) for row in pack.kinds],
        "funnel": _funnel(pack, scale),
        "lights": _lights(pack, scale) if pack.lights.cells else None,
        "findings": [_finding(row, scale) for row in pack.findings],
        "decisions": [
            [row.measure, row.into, row.waits_for, f"{row.days} d{' ▲' if row.late else ''}", scale.said(row.value)]
            for row in pack.decisions
        ],
        "since": words.since(pack.changes),
        "changes": [
            [words.day(row.at), row.sentence, moved.said(row.amount, signed=True), _colour(row.amount)]
            for row in pack.changes.rows
        ],
        "moved": moved.unit,
        "unchanged": pack.changes.why_not or "Nothing moved the outlook.",
        "measures": [_measure(row, pack) for row in pack.measures[:MOST_MEASURES]],
        "measures_of": pack.listed.measures,
        "about": words.facts(pack),
    }


def _card(name: str, amount: Amount, pack: BoardPack, scale: Scale) -> dict[str, str]:
    plan = pack.five.plan
    share = f" · {amount / plan * 100:.0f} % of plan".replace("-", words.MINUS) if plan and amount is not None else ""
    exact = words.exact(amount, pack.about.places)
    said = {"name": name, "value": "–" if amount is None else scale.said(amount)}
    said["colour"] = _colour(amount) if name == "Gap" else words.TEXT
    return said | {
        "beside": f"{scale.unit}{'' if name == 'Plan' else share}" if amount is not None else "",
        "exact": exact,
    }


def _colour(amount: Amount) -> str:
    return words.TEXT if not amount else words.WORSE if amount < 0 else words.BETTER


class _Frame:
    """The frame of a column chart: from amounts to heights between 0 and 1, and round numbers for its grid."""

    def __init__(self, amounts: Iterable[Amount], scale: Scale) -> None:
        known = [amount for amount in amounts if amount is not None]
        low, high = min([Decimal(0), *known]), max([Decimal(0), *known])
        step = _round((high - low) / _LINES or Decimal(1))
        self._low = (low / step).to_integral_value(ROUND_FLOOR) * step
        self._span = (high / step).to_integral_value(ROUND_CEILING) * step - self._low or Decimal(1)
        count = int(self._span / step)
        lines = [self._low + step * place for place in range(count + 1)]
        self.grid = [[self.at(line), scale.said(line)] for line in lines]

    def at(self, amount: Decimal) -> float:
        """How high an amount lies."""
        return float((amount - self._low) / self._span)

    def bar(self, begin: Decimal, end: Amount) -> list[float]:
        """The foot and the head of a bar."""
        ends = sorted((self.at(begin), self.at(end if end is not None else begin)))
        return [ends[0], ends[1]]


def _round(step: Decimal) -> Decimal:
    """The next of 1, 2 and 5 times a power of ten."""
    power = Decimal(1).scaleb(step.adjusted())
    return next(power * times for times in (1, 2, 5, 10) if power * times >= step)


def _months(pack: BoardPack, scale: Scale) -> dict[str, Any]:
    frame = _Frame((getattr(row, name) for row in pack.months for name in ("plan", "outlook", "actual")), scale)
    nothing = Decimal(0)
    return {
        "grid": frame.grid,
        "groups": [
            [words.month(row.month), *(frame.bar(nothing, amount) for amount in (row.plan, row.outlook, row.actual))]
            for row in pack.months
        ],
    }


def _waterfall(pack: BoardPack, scale: Scale) -> dict[str, Any]:
    drawn = bars(pack.leakage)
    ends = [bar.lift + bar.above + bar.below for bar in drawn]
    frame = _Frame([*ends, *(bar.lift for bar in drawn)], scale)
    said = zip(drawn, pack.leakage, ends, strict=True)
    return {
        "grid": frame.grid,
        "bars": [
            {
                "name": bar.name,
                "measures": step.measures,
                "bar": frame.bar(bar.lift, end),
                "label": scale.said(bar.amount, signed=bar.look != "total"),
                "exact": words.exact(bar.amount, pack.about.places),
                "fill": LOOKS[bar.look],
            }
            for bar, step, end in said
        ],
    }


def _kind(pack: BoardPack, row: KindRow) -> list[str]:
    amounts = (*row.five.in_order, row.run_rate)
    return [
        f"{word(row.kind)}{' *' if row.headline else ''}",
        *(words.exact(one, pack.about.places) for one in amounts),
    ]


def _funnel(pack: BoardPack, scale: Scale) -> list[dict[str, Any]]:
    """Bars of the plan, or of how many measures there are where amounts may not be read."""
    sizes = [row.plan if pack.about.priced else Decimal(row.measures) for row in pack.funnel]
    largest = max((abs(size) for size in sizes if size is not None), default=Decimal(0)) or Decimal(1)
    return [
        {
            "name": row.name,
            "measures": row.measures,
            "size": max(0.0, float((size or 0) / largest)),
            "amounts": [scale.said(one) for one in (row.plan, row.outlook, row.confirmed)],
        }
        for row, size in zip(pack.funnel, sizes, strict=True)
    ]


def _lights(pack: BoardPack, scale: Scale) -> dict[str, Any]:
    rows = [
        [
            [str(cell[0]), scale.said(cell[1])] if cell else None
            for cell in (pack.lights.cells.get((one, other)) for other in LIGHTS)
        ]
        for one in LIGHTS
    ]
    return {"note": words.lights(pack, scale.unit), "looks": [list(words.LIGHT[one]) for one in LIGHTS], "rows": rows}


def _finding(row: FindingRow, scale: Scale) -> list[str]:
    glyph, colour = words.SEVERITY.get(row.severity, ("○", words.TEXT_2))
    stake = scale.said(row.at_stake) if row.at_stake is not None else ""
    return [glyph, colour, row.code, row.on, row.sentence, stake, words.day(row.since)]


def _measure(row: MeasureRow, pack: BoardPack) -> dict[str, Any]:
    lights = [words.LIGHT[one][0::2] for one in (row.implementation, row.potential)]
    return {
        "texts": [
            row.name,
            row.parent,
            word(row.stage),
            "" if row.standing == "ACTIVE" else word(row.standing),
            row.owner,
        ],
        "lights": [list(one) for one in lights],
        "amounts": [words.exact(one, pack.about.places) for one in row.five.in_order],
        "colour": _colour(row.five.gap),
    }
