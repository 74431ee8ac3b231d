"""The catalogue of criteria as the table of docs/policy.md; `stageline policy criteria` prints it."""

from server.domain.cascade import MEASURES
from server.domain.catalogue import CATALOGUE, gates_of, levels_of
from server.domain.policy import Criterion
from server.domain.wording import listed


def criteria_table() -> str:
    """One row for each criterion: its word, what it asks, of what, into which stages, and its number."""
    head = ("criterion", "what it asks", "of", "into", "number")
    rows = [_row(criterion) for criterion in Criterion]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *rows))


def _row(criterion: Criterion) -> tuple[str, ...]:
    entry, levels, gates = CATALOGUE[criterion], levels_of(criterion), gates_of(criterion)
    of = "both" if len(levels) == len(MEASURES) else listed([level.spoken for level in levels])
    into = "any" if len(gates) == 5 else listed([into.spoken for into in gates], "or")  # noqa: PLR2004 — all gates
    frozen = f"; after {entry.frozen.spoken} only if asked before, too" if entry.frozen else ""
    number = f"{entry.parameter.counts}, {entry.parameter.least}–{entry.parameter.most}" if entry.parameter else ""
    return f"`{criterion.value}`", entry.asks, of, f"{into}{frozen}", number
