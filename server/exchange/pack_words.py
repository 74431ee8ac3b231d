"""How a board pack says things: words for names, compact amounts, and the house's colours (docs: web/src/ui tokens)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from server.domain.months import Month
from server.exchange.board_pack import About, Amount, BoardPack, Changes

TEXT, TEXT_2, BORDER, SURFACE = "15171C", "474E5C", "E2E5EA", "F6F7F9"
INK, INK_2, INK_3, ACCENT = "3A4150", "8A92A1", "C5CAD3", "4F46E5"
WORSE, BETTER, WORSE_FILL, BETTER_FILL = "A84300", "1D5BB8", "D9722B", "3F7FD6"
LOOKS = {"total": INK, "worse": WORSE_FILL, "better": BETTER_FILL}
LIGHT = {
    "GREEN": ("●", "On track", "075E4C", "C9EFE4"),
    "AMBER": ("▲", "At risk", "6B4700", "FDE8B8"),
    "RED": ("■", "Off track", "8A1C1C", "FBD5D0"),
    "GREY": ("○", "Not reported", "495057", "E9ECEF"),
}
"""Glyph, word, colour of the text, colour of the ground."""
SEVERITY = {"CRITICAL": ("■", "8A1C1C"), "WARNING": ("▲", "6B4700"), "INFO": ("○", "495057")}
MINUS = "−"
NO_AMOUNTS = "Amounts are left out: who made this pack may not read them here."
NOT_READ = "not readable"
_SCALES = ((Decimal(10**9), "bn"), (Decimal(10**6), "M"), (Decimal(10**3), "k"))


def word(name: str) -> str:
    """An enum's value as read: `COST_SAVING` → `Cost saving`."""
    return name.replace("_", " ").capitalize()


def month(name: str) -> str:
    """`2026-11` → `Nov 26`."""
    spoken = Month.parse(name).spoken
    return f"{spoken[:3]} {name[2:4]}"


def day(moment: date | datetime | None) -> str:
    """`18 Jun 2026`, the same for readers of every country."""
    return f"{moment.day} {Month.containing(moment).spoken[:3]} {moment.year}" if moment else ""


def exact(amount: Amount, places: int = 2) -> str:
    """`−1,250,000.00`."""
    return NOT_READ if amount is None else f"{amount:,.{places}f}".replace("-", MINUS)


class Scale:
    """One unit for all amounts of a page, so that they compare: `M EUR` where the largest has millions."""

    def __init__(self, amounts: Iterable[Amount], currency: str) -> None:
        largest = max((abs(amount) for amount in amounts if amount is not None), default=Decimal(0))
        self.by, name = next((scale for scale in _SCALES if largest >= scale[0]), (Decimal(1), ""))
        self.unit = f"{name} {currency}".strip()

    def said(self, amount: Amount, *, signed: bool = False) -> str:
        """`11.9`, `−0.42`; two decimals below ten."""
        if amount is None:
            return NOT_READ
        scaled = amount / self.by
        places = Decimal("0.1") if abs(scaled) >= 10 else Decimal("0.01")  # noqa: PLR2004 - three figures are read
        told = scaled.quantize(places, ROUND_HALF_EVEN)
        if not told:
            return "0"
        sign = MINUS if told < 0 else "+" if signed else ""
        return f"{sign}{abs(told):,}"


def scale_of(pack: BoardPack) -> Scale:
    """The scale of a pack: that of its plan and outlook."""
    return Scale((pack.five.plan, pack.five.outlook, pack.five.actual), pack.about.currency)


def title(about: About) -> str:
    """What the pack is about."""
    return about.place


def where(about: About) -> str:
    """Level and what lies above, or that it is the whole organization."""
    if about.level is None:
        return "Whole organization"
    return " › ".join((about.organization, *about.above)) + f" · {word(about.level)}"


def period(about: About) -> str:
    """`January 2026 to December 2026`."""
    first, last = (Month.parse(each).spoken for each in (about.first, about.last))
    return first if first == last else f"{first} to {last}"


def as_of(about: About) -> str:
    """As of when, and at which revision."""
    return f"As of {day(about.as_of)}, revision {about.revision:,}"


def since(changes: Changes) -> str:
    """What the changes are told from."""
    return f"Since {day(changes.since)}{f', when {changes.after}' if changes.after else ''}"


def lights(pack: BoardPack, unit: str = "") -> str:
    """What the light matrix counts."""
    whose = (
        "as the server proposes them: nobody has set one since the last review" if pack.lights.proposed else "as set"
    )
    return f"Active measures by their lights, {whose}. Below: their headline plan{f', {unit}' if unit else ''}."


def facts(pack: BoardPack) -> list[tuple[str, str]]:
    """The page that says what the pack is: label and text."""
    about = pack.about
    told = [
        ("Place", f"{about.place}: {where(about)}"),
        ("Period", period(about)),
        ("As of", f"{as_of(about)}{', as it stood then' if about.of_then else ''}"),
        ("Made", f"{about.made_at:%Y-%m-%d %H:%M %Z} by {about.made_by}"),
        ("Seen with the rights of", f"{about.made_by}: {about.standing}"),
        ("Policy", about.policy),
        ("Headline value", f"{' + '.join(word(kind) for kind in about.kinds)}, in {about.currency}"),
    ]
    if about.rates:
        rates = [f"{year}: 1 {currency} = {rate}" for year, currency, rate in sorted(about.rates)]
        told.append((f"Plan rates, in {about.currency}", "; ".join(rates)))
    told.append(("Amounts", "All that may be read are in." if about.priced else NO_AMOUNTS))
    if about.omitted:
        told.append(
            ("Not counted", f"{about.omitted:,} items: their amounts are missing, or not readable for who made it.")
        )
    left_out = pack.listed.measures - len(pack.measures)
    if left_out > 0:
        told.append(
            ("Not listed", f"{left_out:,} further measures, those with the smallest plan; `export all` holds all.")
        )
    told += [(f"Formula of {word(name)}", formula) for name, formula in about.formulas]
    return told
