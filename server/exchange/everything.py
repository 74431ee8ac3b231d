"""Everything as CSV and JSON Lines: a file of each for every noun, with the rights of who exports. No lock-in.

They get what they see, amounts where they may read them, and the ledger where it is theirs to read. Amounts are exact
decimals with their currency, ids are UUIDs that hold across the files, months are `2026-11`, times are ISO 8601.
A text in a CSV that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break)
gets an apostrophe before it; numbers are never touched, and neither is JSON Lines.
"""

import csv
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import orjson

from server.domain.money import major, masked
from server.domain.months import Month
from server.domain.people import Viewer
from server.domain.refusals import RefusalCode, Refused
from server.exchange.policy_writing import write_policy
from server.models.database import reading, rows
from server.models.everything import NOUNS, REPORTING, Noun, pages
from server.models.policies import policy_in_force

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_MONTHS = frozenset({"month", "locked_through"})
_SHELVED = "readable"

Files = AsyncIterator[tuple[str, AsyncIterator[bytes]]]
"""Names of files with their bytes, which are to be taken before the next file."""


async def files(viewer: Viewer, at: datetime) -> Files:
    """Every file. Raises Refused (FORBIDDEN) for who has no seat."""
    if not viewer.seats:
        raise Refused(RefusalCode.FORBIDDEN, "You hold no seat, so there is nothing here that you see.")
    begun, counts = await _organization(viewer), dict.fromkeys((noun.name for noun in NOUNS), 0)
    for noun in NOUNS:
        yield f"{noun.name}.csv", _csv(viewer, noun, begun["reporting_currency"], counts)
        yield f"{noun.name}.jsonl", _jsonl(viewer, noun, begun["reporting_currency"])
    policy = write_policy(await policy_in_force(reading(), viewer.organization_id))
    yield "policy.yaml", _one(policy)
    yield "README.txt", _one(_readme(viewer, begun, await _organization(viewer), counts, at))


async def into_folder(viewer: Viewer, folder: Path, at: datetime) -> str:
    """Write every file into a folder, and say so in a sentence. Raises Refused, and OSError where it cannot."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - the command line has nobody else to serve
    written = 0
    async for name, chunks in files(viewer, at):
        with (folder / name).open("wb") as file:
            async for chunk in chunks:
                file.write(chunk)
        written += 1
    return f"{written} files are in {folder}; README.txt explains them."


async def zipped(viewer: Viewer, at: datetime) -> AsyncGenerator[bytes, None]:
    """All files as one archive, piece by piece: no more than a page of rows is in memory."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        async for name, chunks in files(viewer, at):
            with archive.open(name, "w", force_zip64=True) as file:
                async for chunk in chunks:
                    file.write(chunk)
                    if piece := sink.taken():
                        yield piece
    yield sink.taken()


class _Sink:
    """What a growing archive is written to, and taken from."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Hold some bytes."""
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing: they are held until they are taken."""

    def close(self) -> None:
        """Nothing either."""

    def taken(self) -> bytes:
        """What has been written since the last time."""
        held, self._held = bytes(self._held), bytearray()
        return held


async def _organization(viewer: Viewer) -> dict[str, Any]:
    sql = """SELECT id, name, revision, reporting_currency, fiscal_year_start, time_zone, head
             FROM organization WHERE id = :id"""
    return (await rows(reading(), sql, id=viewer.organization_id))[0]


async def _one(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


async def _csv(viewer: Viewer, noun: Noun, reporting: str, counts: dict[str, int]) -> AsyncIterator[bytes]:
    """A file with a head and a line for each row, in UTF-8 with the mark that spreadsheets look for."""
    yield b"\xef\xbb\xbf" + _lines([noun.labels])
    async for page in pages(reading(), viewer, noun):
        counts[noun.name] += len(page)
        yield _lines([_cell(value) for value in spoken(noun, row, reporting).values()] for row in page)


async def _jsonl(viewer: Viewer, noun: Noun, reporting: str) -> AsyncIterator[bytes]:
    async for page in pages(reading(), viewer, noun):
        yield b"".join(orjson.dumps(spoken(noun, row, reporting), default=str) + b"\n" for row in page)


def spoken(noun: Noun, row: dict[str, Any], reporting: str) -> dict[str, Any]:
    """A row as it leaves: exact decimals, months, and nothing of what its reader may not read."""
    readable = bool(row[_SHELVED])
    told = {name: value for name, value in row.items() if name not in {_SHELVED, "page_key"}}
    for name, value in told.items():
        if value is None:
            continue
        if name in noun.money:
            told[name] = _amount(value, row, noun.money[name], reporting) if readable else None
        elif not readable and name in noun.hidden:
            told[name] = None
        elif name in noun.scaled:
            told[name] = Decimal(value).scaleb(-noun.scaled[name])
        elif name in _MONTHS:
            told[name] = str(Month(value))
        elif isinstance(value, str) and not readable:
            told[name] = masked(value)
    if REPORTING in noun.money.values():
        told["reporting_currency"] = reporting
    return told


def _amount(units: int, row: dict[str, Any], currency: str, reporting: str) -> Decimal:
    return major(int(units), reporting if currency == REPORTING else str(row[currency]))


def _lines(lines: Iterable[list[Any]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """A cell of a CSV; see the rule about formulas above."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list):
        value = orjson.dumps(value, default=str).decode()
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _readme(viewer: Viewer, begun: dict[str, Any], ended: dict[str, Any], counts: dict[str, int], at: datetime) -> str:
    same = begun["revision"] == ended["revision"]
    state = (
        f"as of revision {begun['revision']:,}"
        if same
        else f"between revisions {begun['revision']:,} and {ended['revision']:,}: somebody wrote meanwhile, so rows "
        "are of either; export again where one state is wanted"
    )
    lines = [
        f"{begun['name']}, exported by {viewer.name} on {at.isoformat(timespec='seconds')}, {state}.",
        f"Head of the ledger: {ended['head']}",
        "",
        _RULES.format(reporting=begun["reporting_currency"]),
    ]
    for noun in NOUNS:
        lines += [f"{noun.name} ({counts[noun.name]:,} rows). {noun.about}", f"  {', '.join(noun.labels)}", ""]
    return "\n".join(lines)


_RULES = """Each noun is a CSV and a JSON Lines file with the same columns and rows. policy.yaml is the policy in force.

Whose rights. The files hold what the person who exported sees: the branches of their seats, or all. An amount that they
may not read is empty, and “an amount” in texts. The ledger and its changes are there where they may read them.
Amounts. Exact decimals in the currency that stands in the same row; columns that end in _reporting, and those without
a currency of their own, are in {reporting}.
Ids. UUIDs; a column that ends in _id points to the id of another file: node_id to nodes, person ids to people.
Months are 2026-11, days 2026-11-23, times ISO 8601 with their offset. Flags are true and false. Empty: unknown or none.
Formulas. A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line break) has an
apostrophe before it in CSV; take it off when you read the file. Numbers, negative ones too, and JSON Lines have none.
CSV is UTF-8 with a byte order mark, comma, double quotes, CRLF; lists and objects stand in it as JSON.
"""
