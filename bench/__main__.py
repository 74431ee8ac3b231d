"""Every aim measured: `python -m bench [R2 F1 …] [--quick] [--node]`; see bench/README.md."""

import argparse
import importlib
import time
from datetime import UTC, datetime

from bench.ground import SEED, Ground, ground
from bench.machine import described, end_in_order, log_nothing
from bench.plots import drawn
from bench.telling import PLOTS, RESULTS, Outcome, into_readme, markdown, written

CLAIMS = "R1 R2 R3 R4 R5 F1 F2 F3 F4 F5 F6 W1 W2 S1".split()


def main() -> None:
    """Measure what was asked for, and print, draw and write down what it came to."""
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("claims", nargs="*", metavar="CLAIM", help=f"some of {' '.join(CLAIMS)}; default: all")
    options.add_argument("--quick", action="store_true", help="shorter and smaller: about five minutes for all")
    options.add_argument("--node", action="store_true", help="measure Mercurius and PostGraphile as well (npm)")
    options.add_argument("--readme", action="store_true", help="write the figures into bench/README.md")
    options.add_argument("--seed", type=int, default=SEED, help="of the generated organizations")
    asked = options.parse_args()
    end_in_order()
    names = [each.upper() for each in asked.claims] or CLAIMS
    if unknown := set(names) - set(CLAIMS):
        options.error(f"no such claim: {', '.join(sorted(unknown))}; there are {', '.join(CLAIMS)}")
    log_nothing()
    at, machine = datetime.now(UTC), described()
    print("; ".join(f"{name}: {told}" for name, told in machine.items()), flush=True)
    outcomes: list[Outcome] = []
    failed: list[str] = []
    with ground(quick=asked.quick, node=asked.node, seed=asked.seed) as base:
        for name in names:
            try:
                outcomes.append(_measured(name, base))
            except Exception as error:  # noqa: BLE001 - the other rows are measured all the same, and this one is told
                failed.append(name)
                print(f"\n{name} could not be measured: {type(error).__name__}: {str(error)[:2000]}", flush=True)
                continue
            path = written(outcomes, machine, at, vars(asked))  # after each, so that nothing is lost with the next
            drawn(outcomes[-1], RESULTS, f"{path.stem}-")
            if asked.readme:
                drawn(outcomes[-1], PLOTS)
                into_readme(outcomes, machine, at)
    print(f"\n{markdown(outcomes)}\n\nFigures and plots are in {RESULTS}.")
    if failed:
        raise SystemExit(f"Not measured: {', '.join(failed)}")


def _measured(name: str, base: Ground) -> Outcome:
    started = time.perf_counter()
    print(f"\n{name} …", flush=True)
    outcome: Outcome = importlib.import_module(f"bench.claims.{name.lower()}").measure(base)
    print(f"{outcome.told()}\n  ({time.perf_counter() - started:.0f} s)", flush=True)
    return outcome


if __name__ == "__main__":
    main()
