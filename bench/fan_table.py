"""What the rows about fan-out share: shows that several rows are about are given once, and their tables."""

from contextlib import AbstractContextManager

from bench.contestants import OURS, USUAL
from bench.fanning import (
    FLOOR,
    IDENTICAL,
    LIVE,
    Heard,
    Show,
    Stage,
    Unavailable,
    board_variables,
    floor_stage,
    our_stage,
    show,
    their_stage,
)
from bench.ground import Ground
from bench.node_peers import here
from bench.telling import Cell

_given: dict[tuple[str, int], Show] = {}


def changes(ground: Ground) -> int:
    """How many paced changes are heard."""
    return 10 if ground.quick else 50


def crowd(ground: Ground, full: int, quick: int) -> int:
    """How many subscribers."""
    return quick if ground.quick else full


def board(ground: Ground, name: str, count: int) -> Show:
    """One board that N look at, changed five times a second: ours, a peer's or a limit's."""
    key = name, count
    if key not in _given:
        print(f"  {name}, {count:,} subscribers …", flush=True)
        with _stage(ground, name) as stage:
            _given[key] = show(ground, stage, count, changes=changes(ground))
    return _given[key]


def _stage(ground: Ground, name: str) -> AbstractContextManager[Stage]:
    on = ground.filled(ground.small)
    if name == OURS:
        return our_stage(ground, on, LIVE, board_variables(on), first=1)
    return floor_stage(ground, on) if name == FLOOR else their_stage(ground, on, name)


def peers(ground: Ground) -> list[str]:
    """Who is compared with."""
    return [USUAL, *(here() if ground.node else []), IDENTICAL, FLOOR]


def line(name: str, heard: Heard, kb_each: float | None = None) -> dict[str, Cell]:
    """A row of a table."""
    found: dict[str, Cell] = {
        "server": name,
        "subscribers": heard.subscribers,
        "events": heard.events,
        "delivered": heard.delivered,
        "CPU ms per 1,000": heard.per_thousand,
        "PostgreSQL": heard.database,
        "p50 ms": heard.p50,
        "p99 ms": heard.p99,
        "max ms": heard.longest,
        "per s": heard.per_second,
        "bytes": heard.bytes,
        "client busy": f"{heard.client:.0%}",
    }
    if kb_each is not None:
        found["KB each"] = kb_each
    if heard.dead or heard.errors or heard.disorder:
        found["faults"] = f"{heard.dead} cut, {heard.errors} errors, {heard.disorder} out of order"
    return found


def tried(ground: Ground, name: str, count: int) -> Show | None:
    """The same, or None, said aloud, where a peer cannot do it."""
    try:
        return board(ground, name, count)
    except (AssertionError, Unavailable) as error:
        if name == OURS:
            raise
        print(f"  {name} with {count:,} subscribers: {str(error)[:300]}", flush=True)
        return None
