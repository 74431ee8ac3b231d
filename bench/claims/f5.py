"""F5: nothing can be shared: every subscriber asks with variables of their own."""

from bench.contestants import OURS
from bench.fan_table import changes, crowd, line
from bench.fanning import OWN_BOARD, Show, our_stage, show
from bench.ground import BOARD, Ground
from bench.telling import Curve, Outcome, Plot
from server.schema import ids

AIM = 40.0  # ms of CPU per 1,000 deliveries


def measure(ground: Ground) -> Outcome:
    """Everybody selects the same and a period of their own; and as a curve, so many different boards among them."""
    count = crowd(ground, 1_000, 50)
    shows = {distinct: _show(ground, count, distinct) for distinct in (1, max(1, count // 10), count)}
    heard = shows[count].heard
    curve = Curve(OURS, [(distinct, each.heard.per_thousand) for distinct, each in shows.items()])
    plot = Plot("f5", f"{count:,} subscribers", "distinct boards", "CPU ms per 1,000 deliveries", [curve])
    table = [line(f"{OURS}, {distinct:,} distinct", each.heard, each.kb_each) for distinct, each in shows.items()]
    measured, aim = f"{heard.per_thousand:.0f} ms per 1,000 at {count:,}", f"≤ {AIM:.0f} ms per 1,000"
    return Outcome("F5", "nothing shareable", aim, measured, heard.per_thousand <= AIM, {}, table, [plot])


def _show(ground: Ground, count: int, distinct: int) -> Show:
    on = ground.filled(ground.small)
    node = ids.issue("node", on.large.measures[BOARD])
    variables = [
        {"id": node, "from": month(number % 100), "to": month(number % 100 + number // 100)}
        for number in range(distinct)
    ]
    with our_stage(ground, on, OWN_BOARD, variables, first=1) as stage:
        return show(ground, stage, count, changes=changes(ground) // 2)


def month(number: int) -> str:
    """One of many months, from 2020 on."""
    return f"{2020 + number // 12}-{number % 12 + 1:02}"
