"""The law holds against random people, acts and things: at least 2,000 steps of the machine in `machine.py`.

Every run takes the same way, from a fixed seed. A failure prints the acts that led to it, in order. To go further:

    STAGELINE_LAW_STEPS=50000 STAGELINE_LAW_SEED=7 ./run test tests/law/test_machine.py

`STAGELINE_LAW_STEPS` is the least number of steps (2,000 unless given; once they are done, a run ends after 60 s), and
`STAGELINE_LAW_SEED` takes another way. `STAGELINE_LAW_SHRINK=1` looks for a shorter story after a failure.
"""

import os
from pathlib import Path

from tests.law import anybody as tries
from tests.law.machine import STARTS, Hand, govern, hand
from tests.law.model import STAGES

STEPS = int(os.environ.get("STAGELINE_LAW_STEPS", "2000"))
SEED = int(os.environ.get("STAGELINE_LAW_SEED", "1"))
SHRINK = bool(os.environ.get("STAGELINE_LAW_SHRINK"))
SECONDS, PER_WORLD, USUAL = 60, 70, 40  # hypothesis often ends a world sooner
# what a run must have seen, or it proves too little: refusals by their code, and everything that a gate can bring
SEEN = (
    *(f"at {stage}" for stage in STAGES),
    *(f"decideGate {way}" for way in ("done", "SAME_PERSON", "FORBIDDEN", "ALREADY_DECIDED", "INVALID", "WRONG_STAGE")),
    *(f"submitGate {way}" for way in ("done", "CRITERIA_UNMET", "FORBIDDEN", "WRONG_STAGE")),
    *(f"{act} done" for act in ("retractSubmission", "holdMeasure", "cancelMeasure", "resumeMeasure", "moveNode")),
    *(f"{act} FROZEN" for act in ("editNode", "setQuota")),
    *(f"voted {outcome}" for outcome in ("GO", "RECYCLE", "HOLD", "CANCEL")),
    "readiness agreed",
)

# submissions by owners, before and after what the criteria and the deciders go by has changed
FILLING: dict[tries.Trying, int] = dict.fromkeys(
    (tries.writes, tries.names, tries.plans, tries.sells, tries.pays, tries.aims, tries.unseats), 1
)
FILLING |= {tries.submits: 12, tries.retracts: 3}
EVALUATIONS = 300


def missing(own: Hand) -> list[str]:
    """What no step has shown yet."""
    return [way for way in SEEN if not own.ways[way]]


def test_the_product_keeps_the_law(migrated_file: Path, tmp_path: Path) -> None:
    worlds = -(-STEPS // (USUAL * len(STARTS)))
    with hand(migrated_file, tmp_path, SECONDS, STEPS) as own:
        number = SEED
        while own.steps < STEPS or (missing(own) and own.steps < 2 * STEPS):
            own.least = max(STEPS, own.steps + PER_WORLD)
            for start in STARTS:
                govern(own, start, worlds=worlds, steps=PER_WORLD, number=number, shrink=SHRINK)
                number += 1
    assert missing(own) == []


def test_a_gate_shows_what_its_submission_goes_by(migrated_file: Path, tmp_path: Path) -> None:
    """Whatever is filled in, and whoever decides: `readiness` and `submitGate` never disagree, sentence by sentence."""
    with hand(migrated_file, tmp_path, SECONDS, EVALUATIONS) as own:
        for number, start in enumerate(STARTS[:5], SEED):
            govern(own, start, FILLING, sensible=0.2, worlds=3, steps=PER_WORLD, number=number, shrink=SHRINK)
    assert own.ways["readiness refused"] >= EVALUATIONS // 10
    assert own.ways["readiness agreed"] > own.ways["readiness refused"]
