"""What the rows about reads have in common when they tell what was measured."""

from bench.contestants import OURS, RAW
from bench.reads import Cost
from bench.telling import Cell, Outcome, Plot, ratio


def lines(told: dict[str, Cost]) -> list[dict[str, Cell]]:
    """A row for each contestant."""
    return [
        {
            "CPU per request, ms": name,
            "server": cost.server,
            "PostgreSQL": cost.database,
            "together": cost.total,
            "requests/s": cost.per_second,
            "p50 ms": cost.p50,
            "p99 ms": cost.p99,
            "KB": cost.bytes / 1e3,
            "client busy": f"{cost.client:.0%}",
        }
        for name, cost in told.items()
    ]


def read_outcome(
    claim: str,
    title: str,
    aim: str,
    measured: str,
    met: bool,
    told: dict[str, Cost],
    *,
    limit: str = RAW,
    together: bool = False,
    extra: dict[str, Cost] | None = None,
    plots: list[Plot] | None = None,
) -> Outcome:
    """The outcome of a row about reads; compared by the server's CPU, or by all CPU where `together`."""
    ours = told[OURS]

    def against(other: Cost) -> str:
        return ratio(ours.total, other.total) if together else ratio(ours.server, other.server)

    versus = {name: against(cost) for name, cost in told.items() if name not in {OURS, limit}}
    if limit in told:
        versus["limit"] = against(told[limit])
    return Outcome(claim, title, aim, measured, met, versus, lines({**told, **(extra or {})}), plots or [])
