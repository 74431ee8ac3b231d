"""What an import did, as spoken."""

from typing import Self

import strawberry

from server.domain.imports import ImportKind, ImportPhase, ImportState
from server.exchange import report, tables
from server.schema.fields import spoken

spoken(
    ImportKind,
    "What the files come from.",
    CRM="A CRM's extract: opportunities, and the files that go with them.",
    TRACKER="A sheet of initiatives, with their plan and actuals.",
    TARGETS="Quota by person or segment, and month.",
    STRATEGY="Strategic plans in StratML, Part 1 or Part 2 (ISO 17469): objectives with their indicators.",
    INDICATORS="A table of objectives' indicators: period, target, actual, direction.",
)
spoken(
    ImportPhase,
    "What an import is at.",
    WAITING="No file has come under this key yet: it is on its way, was sent under another key, or is not yours.",
    READING="The files are opened and their rows read, each checked by itself; `done` and `total` count rows.",
    CHECKING="All rows are read. Waits for its turn in the organization's order, and finds the people, nodes and "
    "rights that the rows need.",
    WRITING="Writes, in one transaction; `done` and `total` count what the rows are about: initiatives, plans, deals "
    "or indicators.",
    DONE="All of it stands, or was undone again where it was a dry run; the answer to the import reports.",
    REFUSED="Nothing was written; the answer to the import is the refusal.",
    BROKEN_OFF="It stumbled, or the process that imported is gone. Sent again under the same key it is carried out "
    "once, whatever came of the first try.",
)


@strawberry.type(description="How far an import has come.")
class ImportProgress:
    """See the description."""

    phase: ImportPhase = strawberry.field(description="What it is at.")
    done: int = strawberry.field(description="How much of this phase is done; what it counts, the phase says.")
    total: int | None = strawberry.field(
        description="Of how much. While rows are read it may be a little too large: blank lines and line breaks inside "
        "cells count until they are met. Null: not known yet."
    )
    sentence: str = strawberry.field(description="All of it in words, such as “Reading: 1,500 of 166,216 rows.”")

    @classmethod
    def of(cls, state: ImportState) -> Self:
        """The state as the API shows it."""
        return cls(phase=state.phase, done=state.done, total=state.total, sentence=state.sentence)


@strawberry.type(
    description="A row or cell of a file (of XML: an element), and why it was not taken, not added or mended, or is "
    "without a plan."
)
class RowFault:
    """See the description."""

    file: str = strawberry.field(description="The file it stands in.")
    line: int = strawberry.field(description="Its line, from 1, as an editor or a spreadsheet counts.")
    column: str | None = strawberry.field(description="The column at fault; null: the row as a whole.")
    value: str | None = strawberry.field(description="The value at fault, at most 80 characters of it.")
    reason: str = strawberry.field(description="What is wrong, as a sentence.")

    @classmethod
    def of(cls, fault: tables.RowFault) -> Self:
        """The fault as the API shows it."""
        return cls(file=fault.file, line=fault.line, column=fault.column, value=fault.value, reason=fault.reason)


@strawberry.type(description="What an import did, or in a dry run would do.")
class ImportReport:
    """See the description."""

    read: int = strawberry.field(description="Rows of the main file that were read.")
    kind: ImportKind = strawberry.field(description="What the files came from.")
    created: int = strawberry.field(description="Opportunities, or monthly figures, that are new.")
    changed: int = strawberry.field(description="Those that stood here already, and differed.")
    unchanged: int = strawberry.field(description="Those that stood exactly so.")
    orphans: int = strawberry.field(description="Opportunities that were taken and have no plan.")
    nodes_created: int = strawberry.field(description="Nodes of the cascade that were made.")
    lines_created: int = strawberry.field(description="Value lines that were added.")
    people_created: int = strawberry.field(description="Persons who were made known; they cannot sign in.")
    sellers_added: int = strawberry.field(description="Sellers who were added to plans that stood.")
    not_taken: list[RowFault] = strawberry.field(description="Every fault of every row that was not taken.")
    kept_without_plan: list[RowFault] = strawberry.field(description="Every orphan, and why it has no plan.")
    unknown: list[RowFault] = strawberry.field(description="Every cell that says that its figure is not known.")
    repaired: list[RowFault] = strawberry.field(description="Everything that was mended on reading, and how.")
    left_out: list[RowFault] = strawberry.field(description="Every total among details, and why it was not added.")
    nodes_made: list[str] = strawberry.field(description="The nodes that were made, in words.")
    notes: list[str] = strawberry.field(description="How each file was read, and what else there is to know.")
    dry_run: bool = strawberry.field(description="Whether all of it was undone again.")
    sentence: str = strawberry.field(description="All of it in a sentence or two.")

    @classmethod
    def of(cls, made: report.ImportReport) -> Self:
        """The report as the API shows it."""
        return cls(
            kind=made.kind,
            read=made.read,
            created=made.created,
            changed=made.changed,
            unchanged=made.unchanged,
            orphans=made.orphans,
            nodes_created=made.nodes_created,
            lines_created=made.lines_created,
            people_created=made.people_created,
            sellers_added=made.sellers_added,
            not_taken=[RowFault.of(fault) for fault in made.not_taken],
            kept_without_plan=[RowFault.of(fault) for fault in made.kept_without_plan],
            unknown=[RowFault.of(fault) for fault in made.unknown],
            repaired=[RowFault.of(fault) for fault in made.repaired],
            left_out=[RowFault.of(fault) for fault in made.left_out],
            nodes_made=list(made.nodes_made),
            notes=list(made.notes),
            dry_run=made.dry_run,
            sentence=made.sentence,
        )
