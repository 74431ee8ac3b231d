"""R4: the roll-up of all monthly values by stage, exact to the cent, flat from 1,000 to 100,000 initiatives."""

from bench.contestants import KEPT_SUMS, OURS, contestants, with_ready_bytes
from bench.ground import Ground
from bench.loads import CONNECTIONS
from bench.questions import FUNNEL
from bench.reading_table import read_outcome
from bench.reads import Cost, costs
from bench.telling import Curve, Outcome, Plot

AIM = 0.35  # ms of CPU of server and database
LARGE = 10_000
FLAT = 2.0  # the largest may cost so many times as much as the smallest


def measure(ground: Ground) -> Outcome:
    """Every size in its own database; what each contestant answers is compared to the cent."""
    sizes: dict[int, dict[str, Cost]] = {}
    for size in ground.sizes:
        with contestants(ground, FUNNEL, ground.filled(size), kept_sums=True) as found:
            sizes[size] = costs(ground, [*found, with_ready_bytes(found)], connections=_connections(size))
    totals = [told[OURS].total for told in sizes.values()]
    worst, spread = max(totals), max(totals) / min(totals)
    told = sizes[ground.middle]
    extra: dict[str, Cost] = {}
    for size, each in sizes.items():
        extra |= {f"{name}, {size:,}": cost for name, cost in each.items() if size != ground.middle}
    curves = [Curve(name, [(size, each[name].total) for size, each in sizes.items()]) for name in told]
    plot = Plot("r4", "Roll-up of all monthly values by stage", "initiatives", "CPU ms per request, in all", curves)
    measured = f"{worst:.2f} ms in all at {len(sizes)} sizes, largest ÷ smallest {spread:.2f}"
    met = worst <= AIM and spread <= FLAT
    aim = f"≤ {AIM} ms in all, flat"
    return read_outcome(
        "R4", "roll-up by stage", aim, measured, met, told, limit=KEPT_SUMS, together=True, extra=extra, plots=[plot]
    )


def _connections(size: int) -> int:
    """Those who add up 2.4 million months for each answer are asked by two at once: sixteen are only a queue."""
    return CONNECTIONS if size <= LARGE else 2
