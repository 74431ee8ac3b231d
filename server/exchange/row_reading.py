"""One row while it is read: cell by cell, so that one fault hides no other."""

from collections.abc import Callable
from typing import TypeVar

from server.exchange.scope import Read, Standing, Unmapped
from server.exchange.tables import RowFault

Value = TypeVar("Value")


class RowReading:
    """A row and everything that is wrong with it so far."""

    def __init__(self, row: Standing) -> None:
        self.row = row
        self.faults: list[RowFault] = list(row.faults)

    def text(self, column: str | None, read: Read) -> str | None:
        """What a field says here; None, and told, where its map refuses that."""
        try:
            return read(self.row.cells)
        except ValueError as why:
            self.refuse(column, why)
            return None

    def value(self, column: str | None, raw: str, convert: Callable[[str], Value]) -> Value | None:
        """What a text comes to; None, and told, where it comes to nothing."""
        try:
            return convert(raw)
        except ValueError as why:
            self.fault(column, raw, f"“{raw[:40]}” {why}")
            return None

    def refuse(self, column: str | None, why: ValueError, about: str = "") -> None:
        """Note why something could not be read; what a map refuses is named."""
        if isinstance(why, Unmapped):
            self.fault(column, why.value, f"“{why.value[:40]}” {why}")
        else:
            self.fault(column, None, f"{about}{why}")

    def fault(self, column: str | None, value: str | None, reason: str) -> None:
        """Note what is wrong; of a row as a whole (no column) only what no cell of it has said."""
        row = self.row
        told = RowFault(row.file, row.line, column, value, f"{reason[:1].upper()}{reason[1:]}")
        if all(told.reason != one.reason or column not in (None, one.column) for one in self.faults):
            self.faults.append(told)
