"""A first mapping for a sheet, guessed from its headers and cells: to be read, mended and confirmed by a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from server.domain.imports import ImportKind
from server.domain.money import CURRENCIES
from server.domain.refusals import RefusalCode, Refused
from server.exchange import month_words
from server.exchange.doubtful import is_unknown
from server.exchange.tables import Layout, Table, read_table

_SAMPLE = 200
_FEW = 2  # months that make a row of months
Sure = Literal["sure", "likely", "perhaps"]
# role → words that headers of it hold, the surest first
_WORDS: dict[str, tuple[str, ...]] = {
    "id": ("initiative id", "project id", "measure id", "external id", "id", "no", "nr", "number", "key", "code"),
    "description": ("description", "beschreibung", "aims", "summary", "comment"),
    "sponsor": ("sponsor", "executive sponsor", "sro"),
    "controller": ("controller", "finance partner", "controlling"),
    "owner": ("owner", "responsible", "lead", "manager", "verantwortlich", "verantwortlicher", "pm"),
    "businessUnit": ("business unit", "bu", "department", "division", "geschäftsbereich", "abteilung"),
    "objective": ("objective", "goal", "strategic objective", "ziel"),
    "portfolio": ("portfolio", "agency", "area", "workstream", "domain", "bereich"),
    "program": ("program", "programme", "investment", "stream", "category", "programm"),
    "stage": ("stage", "status", "standing", "phase", "doi", "degree of implementation", "härtegrad"),
    "tags": ("tags", "labels", "region", "country"),
    "title": ("title", "position", "role", "funktion"),
    "seller": ("salesperson", "sales person", "seller", "rep", "sales rep", "employee", "employeeid", "verkäufer"),
    "currency": ("currency", "währung", "ccy"),
    "year": ("year", "jahr"),
    "month": ("month", "date", "period", "monat", "datum", "target month", "targetmonth", "completion date"),
    "name": ("initiative", "initiative name", "project name", "project", "measure", "name", "maßnahme", "projekt"),
    "amount": ("amount", "value", "target", "quota", "planned cost", "plan", "budget", "betrag", "saving", "cost"),
}
_PATTERNS = ("{YYYY}-{MM}", "{MMM} {YYYY}", "{MMM}-{YY}", "{MMM} {YY}", "{MM}/{YYYY}", "{MM}.{YYYY}", "{YYYY}-{MM}-01")
_YEARLESS = ("M{MM}", "M{M}", "{MMM}", "{MMMM}")
_SERIES = {"actual": ("actual", "ist", "spent", "booked"), "plan": ("plan", "soll", "budget", "target", "baseline")}
_THOUSANDS = re.compile(r"\b(k|t|thousand|thousands|tsd)\b|k€|t€|k\$|'000", re.IGNORECASE)
_MILLIONS = re.compile(r"\b(m|mio|mn|million|millions)\b|m€|\$ ?m\b|£m", re.IGNORECASE)
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
_COMMA = re.compile(r"-?\d+,\d{1,2}|-?\d{1,3}(\.\d{3})+,\d+|-?\d{1,3}(\.\d{3}){2,}")
_POINT = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column is taken to be, how sure that is, and why. `meaning` is None for a column that is not used."""

    header: str
    meaning: str | None
    sure: Sure
    reason: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping as YAML, with a comment for every column, and the same column by column."""

    yaml: str
    columns: tuple[ColumnGuess, ...]


def guess_mapping(file: str, data: bytes, kind: ImportKind) -> Guess:
    """A mapping to begin with, for a tracker or for targets.

    Raises `Refused` (INVALID) for what is no table, and for a kind of which nothing is guessed.
    """
    if kind is ImportKind.CRM:
        message = "A CRM's mapping is not guessed: docs/import-crm.md has one of ten lines to begin with."
        raise Refused(RefusalCode.INVALID, message, ["kind"])
    table = read_table(file, data, Layout())
    rows = [row.cells for row in islice(table.rows([]), _SAMPLE)]
    return _Guessing(table, rows).written(kind)


class _Guessing:
    """One table with a sample of its rows."""

    def __init__(self, table: Table, rows: Sequence[Sequence[str]]) -> None:
        self.table = table
        self.cells = {
            header: [row[place].strip() for row in rows] for place, header in enumerate(table.headers) if header
        }
        self.guesses: dict[str, ColumnGuess] = {}
        self.roles: dict[str, str] = {}
        self.wide = self._wide()
        self._name_columns()

    def _wide(self) -> list[tuple[str, str, list[str]]]:
        """Patterns under which two or more headers are months: series, pattern, headers."""
        found = []
        for series, prefix in (("plan", ""), *((one, word) for one, words in _SERIES.items() for word in words)):
            for pattern in (*_PATTERNS, *_YEARLESS):
                whole = f"{prefix.capitalize()} {pattern}".strip()
                months, twice = month_words.columns(list(self.cells), whole)
                fresh = [header for header in months if header not in self.guesses]
                if len(fresh) < _FEW or twice:
                    continue
                for header in fresh:
                    reason = f"one of {len(fresh)} months written as {whole}"
                    self.guesses[header] = ColumnGuess(header, f"{series} of a month", "sure", reason)
                found.append((series, whole, fresh))
        return found

    def _name_columns(self) -> None:
        """Give every other column the role whose words fit best; a role is given once, exact words first."""
        for exactly in (True, False):
            for role, words in _WORDS.items():
                for header in self.cells:
                    if header in self.guesses or role in self.roles or not self._fits(role, header):
                        continue
                    plain = " ".join(re.sub(r"[^\w]+", " ", header.lower()).split())
                    word = next((one for one in words if (plain == one if exactly else _within(one, plain))), None)
                    if word:
                        self.roles[role] = header
                        reason = f"its header is “{word}”" if exactly else f"its header speaks of “{word}”"
                        self.guesses[header] = ColumnGuess(header, role, "likely" if exactly else "perhaps", reason)
                        break
        for header in self.cells:
            self.guesses.setdefault(header, ColumnGuess(header, None, "perhaps", "nothing here is known to be it"))

    def _fits(self, role: str, header: str) -> bool:
        """Whether the cells could be what the role asks for."""
        known = [cell for cell in self.cells[header] if cell and not is_unknown(cell)]
        if role == "amount":
            return bool(known) and all(re.search(r"\d", cell) and not re.search(r"[a-df-z]{3}", cell) for cell in known)
        if role == "year":
            return bool(known) and all(re.fullmatch(r"(19|20|21)\d\d", cell) for cell in known)
        if role == "month":
            return bool(known) and all(_is_month(cell) for cell in known[:20])
        if role == "currency":
            return bool(known) and all(cell.upper() in CURRENCIES for cell in known)
        return True

    def written(self, kind: ImportKind) -> Guess:
        """The mapping as YAML."""
        lines = [f"# Guessed from {self.table.upload}. Read every line, mend it, and try it with a dry run."]
        lines += [_comment(self.guesses[header]) for header in self.cells]
        lines += ["system: my-tracker # the name by which this sheet's initiatives are found again"]
        lines += [f"currency: {self._currency()}", f"files: {{sheet: {_quoted(self.table.upload)}}}", self._numbers()]
        lines += self._tracker() if kind is ImportKind.TRACKER else self._targets()
        return Guess("\n".join(lines) + "\n", tuple(self.guesses[header] for header in self.cells))

    def _tracker(self) -> list[str]:
        lines = ["initiatives:", "  branch:"]
        above = ("objective", "portfolio", "program")
        lines += [f"    - {level}: {self._placed(level, 'Imported')}" for level in above]
        lines.append(f"    - initiative: {self._placed('name', 'name the column of the initiative here')}")
        for role in ("id", "description", "owner", "sponsor", "controller", "businessUnit", "tags"):
            if role in self.roles:
                lines.append(f"      {role}: {self._placed(role, '')}")
        if "stage" in self.roles:
            lines.append(f"stage: {_quoted(self.roles['stage'])} # kept as a tag: an import passes no gate")
        rules = [
            f"  - {{kind: COST_SAVING, name: Value, series: {series}, {self._amounts(pattern)}}} # mend the kind"
            for series, pattern in self._patterns()
        ]
        return [*lines, *(["values:", *rules] if rules else [])]

    def _targets(self) -> list[str]:
        lines = [
            "plans:",
            "  branch:",
            "    - objective: Revenue",
            "    - portfolio: Sales",
            "    - program: Field sales",
        ]
        lines += ["    - initiative: Growth", f"    - salesPlan: {self._placed('portfolio', 'Sales plan')}"]
        seller = self.roles.get("seller") or self.roles.get("owner") or self.roles.get("name")
        pattern = next(iter(self._patterns()), ("plan", None))[1]
        of = f"seller: {_quoted(seller)}, " if seller else ""
        lines.append(f"quota: {{{of}{self._amounts(pattern)}}}")
        if "title" in self.roles:
            titles = '["*Manager*", "*Director*", "*Head*"]'
            lines.append(
                f"managers: {{title: {_quoted(self.roles['title'])}, titles: {titles}}} # their targets are sums"
            )
        return lines

    def _patterns(self) -> list[tuple[str, str | None]]:
        """Series and patterns of months; without any, one amount a row if there is a column for it."""
        if self.wide:
            return [(series, pattern) for series, pattern, _ in self.wide]
        return [("plan", None)] if "amount" in self.roles else []

    def _amounts(self, pattern: str | None) -> str:
        if pattern is None:
            month = self.roles.get("month")
            when = _quoted(month) if month else "{constant: 2026-01}"
            return f"amount: {_quoted(self.roles.get('amount', 'name the column of the amount here'))}, month: {when}"
        year = (
            "" if "{Y" in pattern else f", year: {_quoted(self.roles.get('year', 'name the column of the year here'))}"
        )
        return f"months: {_quoted(pattern)}{year}"

    def _placed(self, role: str, otherwise: str) -> str:
        return _quoted(f"{{{self.roles[role]}}}" if role in self.roles else otherwise)

    def _currency(self) -> str:
        if "currency" in self.roles:
            codes = [cell.upper() for cell in self.cells[self.roles["currency"]] if cell]
            return f"{max(set(codes), key=codes.count)} # most rows say so"
        everything = [*self.cells, *(cell for cells in self.cells.values() for cell in cells[:20])]
        for text in everything:
            code = next((code for sign, code in _SIGNS.items() if sign in text), None)
            code = code or next((word for word in re.findall(r"\b[A-Z]{3}\b", text) if word in CURRENCIES), None)
            if code:
                return f"{code} # because of “{text[:40]}”"
        return "EUR # nothing in the sheet says so: mend it"

    def _numbers(self) -> str:
        """How numbers are written, and in what unit, as far as headers and cells show it."""
        amounts = {header for _, _, headers in self.wide for header in headers}
        amounts |= {self.roles["amount"]} if "amount" in self.roles else set()
        cells = [cell for header in amounts for cell in self.cells[header]]
        parts = []
        if any(_COMMA.fullmatch(cell) for cell in cells) and not any(_POINT.fullmatch(cell) for cell in cells):
            parts.append('decimal: ",", thousands: "."')
        elif any(_POINT.fullmatch(cell) for cell in cells):
            parts.append('thousands: ","')
        signs = sorted({sign for cell in cells for sign in _SIGNS if sign in cell})
        parts += [f"remove: [{', '.join(_quoted(sign) for sign in signs)}]"] if signs else []
        headers = [*amounts, self.table.upload]
        unit = next((unit for unit, seen in _UNITS.items() if any(seen.search(header) for header in headers)), "units")
        why = "a header says so" if unit != "units" else "nothing says otherwise"
        return f"numbers: {{{', '.join([*parts, f'unit: {unit}'])}}} # {why}"


_UNITS = {"millions": _MILLIONS, "thousands": _THOUSANDS}


def _is_month(cell: str) -> bool:
    try:
        month_words.month(cell)
    except ValueError:
        return False
    return True


def _within(word: str, header: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", header) is not None


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _comment(one: ColumnGuess) -> str:
    header = " ".join(one.header.split())[:60]
    if one.meaning is None:
        return f"#   {header}: not used; {one.reason}"
    return f"#   {header}: {one.meaning} ({one.sure}: {one.reason})"
