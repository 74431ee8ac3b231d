"""Plots as SVG, drawn here: curves on logarithmic axes, with every point's figure."""

from math import ceil, floor, log10
from pathlib import Path

from bench.telling import Outcome, Plot, spoken

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 480, 80, 240, 50, 60
COLOURS = ("#0b6", "#c33", "#36c", "#e90", "#639", "#777", "#0aa", "#a52")


def drawn(outcome: Outcome, folder: Path, before: str = "") -> None:
    """Write the plots of an outcome into a folder; `before` begins their names."""
    folder.mkdir(exist_ok=True)
    for plot in outcome.plots:
        (folder / f"{before}{plot.name}.svg").write_text(svg(plot), encoding="utf-8")


def svg(plot: Plot) -> str:
    """A plot as an SVG document."""
    points = [point for curve in plot.curves for point in curve.points if min(point) > 0]
    across, up = ((*_span([point[axis] for point in points]),) for axis in (0, 1))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x = LEFT + (log10(point[0]) - across[0]) / (across[1] - across[0]) * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - (log10(point[1]) - up[0]) / (up[1] - up[0]) * (HEIGHT - TOP - BOTTOM)
        return round(x, 1), round(y, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        _text(LEFT, 25, plot.title, size=16),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 15, plot.across, anchor="middle"),
        f'<g transform="translate(18 {HEIGHT / 2}) rotate(-90)">{_text(0, 0, plot.up, anchor="middle")}</g>',
    ]
    for power in range(across[0], across[1] + 1):
        x, _ = place((10**power, 10 ** up[0]))
        parts.append(
            _line(x, TOP, x, HEIGHT - BOTTOM) + _text(x, HEIGHT - BOTTOM + 18, spoken(10**power), anchor="middle")
        )
    for power in range(up[0], up[1] + 1):
        _, y = place((10 ** across[0], 10**power))
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y) + _text(LEFT - 8, y + 4, spoken(float(10**power)), anchor="end"))
    for number, curve in enumerate(plot.curves):
        colour = COLOURS[number % len(COLOURS)]
        placed = [(place(point), point) for point in curve.points if min(point) > 0]
        path = " ".join(f"{x},{y}" for (x, y), _ in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"><title>{spoken(point[1])}</title></circle>'
            for (x, y), point in placed
        ]
        last = f", {spoken(curve.points[-1][1])} last" if curve.points else ""
        y = TOP + 20 * number
        parts.append(f'<rect x="{WIDTH - RIGHT + 15}" y="{y - 9}" width="12" height="12" fill="{colour}"/>')
        parts.append(_text(WIDTH - RIGHT + 33, y + 1, f"{curve.name}{last}"))
    return "\n".join([*parts, "</svg>\n"])


def _span(values: list[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values, default=1))), ceil(log10(max(values, default=10)))
    return low, max(high, low + 1)


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}">{plain}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#ddd"/>'
