"""What an import did, in one sentence and its figures: the same for the command line and for GraphQL."""

from dataclasses import dataclass, fields
from typing import Any

from server.domain.imports import ImportKind
from server.exchange.tables import RowFault

_WORDS = {
    ImportKind.CRM: ("", "rows"),
    ImportKind.STRATEGY: (" indicators", "objectives and indicators"),
    ImportKind.INDICATORS: (" indicators", "rows"),
}
_FAULTS = ("not_taken", "kept_without_plan", "unknown", "left_out", "repaired")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The figures of one run.

    `created`, `changed` and `unchanged` count opportunities, or the monthly figures of a tracker or of targets.
    `not_taken` lists every fault of every row that was not taken, `kept_without_plan` why an orphan is one, `unknown`
    the cells that say so, `left_out` totals among details; `nodes_made` has the nodes in words, `notes` how each file
    was read and what else there is to know.
    """

    read: int
    created: int
    changed: int
    unchanged: int
    orphans: int
    nodes_created: int
    not_taken: tuple[RowFault, ...]
    dry_run: bool = False
    people_created: int = 0
    sellers_added: int = 0
    kept_without_plan: tuple[RowFault, ...] = ()
    nodes_made: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kind: ImportKind = ImportKind.CRM
    lines_created: int = 0
    unknown: tuple[RowFault, ...] = ()
    left_out: tuple[RowFault, ...] = ()
    repaired: tuple[RowFault, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether anything is otherwise than before."""
        made = self.nodes_created or self.people_created or self.sellers_added or self.lines_created
        return bool(self.created or self.changed or made)

    @property
    def sentence(self) -> str:
        """All of it in a sentence or two that a person reads."""
        would = "would be " if self.dry_run else ""
        what, rows_read = _WORDS.get(self.kind, (" figures", "rows"))
        told = f"{self.created:,}{what} {would}created, {self.changed:,} {would}changed, {self.unchanged:,} unchanged"
        parts = [f"Read {self.read:,} {rows_read}: {told if self.moved else 'nothing changed'}."]
        if self.nodes_created:
            parts.append(f"{_counted(self.nodes_created, 'node')} of the cascade {would}made.")
        if self.lines_created:
            parts.append(f"{_counted(self.lines_created, 'line')} {would}added.")
        if self.people_created:
            people = "1 person" if self.people_created == 1 else f"{self.people_created:,} people"
            parts.append(f"{people} {would}made known.")
        for number, what, of_it in (
            (self.sellers_added, "seller", f"{would}added to plans that stood"),
            (self.orphans, "deal", "kept without a plan"),
            (len(self.unknown), "cell", "not known, which is not zero"),
            (len(self.repaired), "repair", "made on reading; each is listed"),
            (len(self.left_out), "total", "among details left out"),
        ):
            parts += [f"{_counted(number, what)} {of_it}."] if number else []
        if self.not_taken:
            rows = len({(fault.file, fault.line) for fault in self.not_taken})
            parts.append(f"{_counted(rows, 'row')} not taken; the reasons are listed.")
        if self.dry_run:
            parts.append("This was a dry run: nothing was written.")
        return " ".join(parts)

    def stored(self) -> dict[str, Any]:
        """As it is kept for a retry with the same idempotency key."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        # Not `asdict`, which takes seconds for a report of 100,000 rows.
        return kept | {name: [_columns(fault) for fault in kept[name]] for name in _FAULTS}

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "ImportReport":
        """From what was kept."""
        rest: dict[str, Any] = {name: tuple(RowFault(*one) for one in kept.get(name, ())) for name in _FAULTS}
        rest |= {"nodes_made": tuple(kept["nodes_made"]), "notes": tuple(kept["notes"])}
        return cls(**{**kept, **rest, "kind": ImportKind(kept.get("kind", ImportKind.CRM))})


def spoken(fault: RowFault) -> str:
    """A fault on one line: `deals.csv line 17, amount “ten”: …`."""
    value = f" “{fault.value}”" if fault.value else ""
    column = f", {fault.column}{value}" if fault.column else ""
    return f"{fault.file} line {fault.line}{column}: {fault.reason}"


def _columns(fault: RowFault) -> list[Any]:
    return [fault.file, fault.line, fault.column, fault.value, fault.reason]


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
