"""What a row of the aims came to, as text, as JSON and as the table of the README."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS, PLOTS, README = HERE / "results", HERE / "plots", HERE / "README.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
Cell = str | float | int


@dataclass(frozen=True)
class Curve:
    """A line of a plot: a name, and points."""

    name: str
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class Plot:
    """A plot of several curves; both axes are logarithmic."""

    name: str
    title: str
    across: str
    up: str
    curves: list[Curve]


@dataclass(frozen=True)
class Outcome:
    """What one claim came to.

    Attributes:
        measured: In the words of the aim.
        met: Whether the aim was met.
        versus: By whom it is compared with: usual way, Mercurius, PostGraphile, limit.
        table: Everything that was measured, a row for each contestant or size.
    """

    claim: str
    title: str
    aim: str
    measured: str
    met: bool
    versus: dict[str, str] = field(default_factory=dict)
    table: list[dict[str, Cell]] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)
    seconds: float = 0.0

    def told(self) -> str:
        """As text for a terminal."""
        head = f"{self.claim} {self.title}: {self.measured} (aim {self.aim}) — {'met' if self.met else 'missed'}"
        lines = [head, *(f"  against {name}: {how}" for name, how in self.versus.items())]
        return "\n".join([*lines, *(f"  {line}" for line in table(self.table))])


def table(rows: list[dict[str, Cell]]) -> list[str]:
    """Rows as aligned columns."""
    if not rows:
        return []
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([spoken(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    return [
        "  ".join(
            cell.ljust(width) if not column else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]


def spoken(cell: Cell) -> str:
    """A figure with three significant digits, thousands apart."""
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else cell
    if cell >= 100:  # noqa: PLR2004 — three digits
        return f"{cell:,.0f}"
    return f"{cell:.3g}"


def ratio(ours: float, theirs: float) -> str:
    """How ours compares with another's cost."""
    if ours <= 0 or theirs <= 0:
        return "–"
    return f"{spoken(theirs / ours)} × cheaper" if theirs >= ours else f"{spoken(ours / theirs)} × dearer"


def markdown(outcomes: list[Outcome]) -> str:
    """The table that opens the README."""
    against = ("usual way", "Mercurius", "PostGraphile", "limit")
    lines = ["| | claim | aim | measured | " + " | ".join(against) + " | verdict |"]
    lines.append("|---|---|---|---|" + "---|" * (len(against) + 1))
    for each in outcomes:
        others = " | ".join(each.versus.get(name, "–") for name in against)
        verdict = "met" if each.met else "**missed**"
        lines.append(f"| {each.claim} | {each.title} | {each.aim} | {each.measured} | {others} | {verdict} |")
    return "\n".join(lines)


def into_readme(outcomes: list[Outcome], machine: dict[str, str], at: datetime, readme: Path = README) -> None:
    """Put the figures between the marks of the README, with the plots that stand in `PLOTS`."""
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    told = "; ".join(f"{name}: {value}" for name, value in machine.items())
    details = "\n\n".join(each.told() for each in outcomes)
    plots = " ".join(f"![{each.title}](plots/{each.name}.svg)" for outcome in outcomes for each in outcome.plots)
    figures = f"{markdown(outcomes)}\n\nMeasured on {at:%Y-%m-%d}; {told}.\n\n{plots}\n\n"
    figures += "<details><summary>All figures</summary>\n"
    readme.write_text(f"{before}{BEGIN}\n{figures}\n```\n{details}\n```\n\n</details>\n{END}{after}", encoding="utf-8")


def written(outcomes: list[Outcome], machine: dict[str, str], at: datetime, options: dict[str, Any]) -> Path:
    """Everything as JSON in bench/results/ (not committed: the figures that count stand in the README)."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{at:%Y%m%d-%H%M%S}.json"
    told = {"at": at.isoformat(), "machine": machine, "options": options, "claims": [asdict(each) for each in outcomes]}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    return path
