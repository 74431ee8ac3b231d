"""The three files of a board pack, and what is asked for in words: as of when, for which months, since when."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.domain.months import Month
from server.domain.refusals import Faults, RefusalCode, Refused
from server.exchange.board_pack import BoardPack
from server.exchange.pack_gathering import Wanted

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
}
"""File name's ending → media type."""
_LARGEST_REVISION = 2**53


def writer(form: str) -> Callable[[BoardPack], bytes]:
    """What writes a pack in a format. Raises Refused for a format that is none, or whose library is not installed."""
    try:
        match form:
            case "xlsx":
                from server.exchange.pack_xlsx import workbook  # noqa: PLC0415 - an extra, and megabytes of it

                return workbook
            case "pptx":
                from server.exchange.pack_pptx import slides  # noqa: PLC0415

                return slides
            case "pdf":
                from server.exchange.pack_pdf import document  # noqa: PLC0415

                return document
    except ImportError as error:
        message = (
            f"Board packs as {form} need the extra “board-pack”, which is not installed here: {error.name} is missing."
        )
        raise Refused(
            RefusalCode.UNAVAILABLE, f"{message} Install it with: pip install 'stageline[board-pack]'"
        ) from error
    known = ", ".join(FORMATS)
    raise Refused(RefusalCode.INVALID, f"A board pack is no “{form[:20]}”. Ask for one of: {known}.", ["format"])


def wanted(place: str, asked: Mapping[str, str], zone: ZoneInfo) -> Wanted:
    """What is asked for: `place` is a node's id or `organization`; `asked` may hold asOf, from, to and since.

    `asOf` is a revision, a day (its end in the organization's time zone) or a time. Raises Refused with every fault.
    """
    faults = Faults()
    if unknown := set(asked) - {"asOf", "from", "to", "since"}:
        faults.add(f"There is no {', '.join(sorted(unknown))[:80]}; ask with asOf, from, to and since.", "asOf")
    months = {name: _month(asked.get(name), name, faults) for name in ("from", "to")}
    revision, moment = _as_of(asked.get("asOf"), zone, faults)
    since = _day(asked["since"], "since", faults) if asked.get("since") else None
    faults.refuse_if_any()
    node = None if place == "organization" else place
    return Wanted(node, months["from"], months["to"], revision, moment, since)


def name_of(pack: BoardPack, form: str) -> str:
    """The file's name: `Board pack Service 2026-11-23.pdf`."""
    place = re.sub(r"[^\w .,&+()-]", " ", pack.about.place)
    return f"Board pack {' '.join(place.split())[:80]} {pack.about.as_of:%Y-%m-%d}.{form}"


def _month(text: str | None, name: str, faults: Faults) -> str | None:
    if not text:
        return None
    try:
        return str(Month.parse(text))
    except ValueError as error:
        faults.add(f"{name}: {error}.", name)
        return None


def _day(text: str, name: str, faults: Faults) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.add(f"{name}: “{text[:40]}” is not a day; write it as 2026-11-23.", name)
        return None


def _as_of(text: str | None, zone: ZoneInfo, faults: Faults) -> tuple[int | None, datetime | None]:
    if not text:
        return None, None
    if text.isascii() and text.isdecimal() and int(text[:17]) < _LARGEST_REVISION:
        return int(text[:17]), None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        faults.add(f"asOf: “{text[:40]}” is neither a revision, nor a day or time such as 2026-11-23.", "asOf")
        return None, None
    if re.fullmatch(r"[\d-]+", text):  # a day: as of its end
        moment = datetime.combine(moment.date() + timedelta(days=1), time()) - timedelta(seconds=1)
    return None, (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
