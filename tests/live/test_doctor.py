"""`stageline doctor` proves on a live database that what is kept of roll-ups is what they come to, and mends it."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID

from server.live.upkeep import mend, unkept
from server.models.database import change, writing
from tests.support.company import Company, copied, opened
from tests.support.imports import ROOT
from tests.support.kept import Kept


async def test_the_doctor_finds_what_is_kept_wrong_and_mends_it(alder: Company) -> None:
    assert await unkept() == []
    node: UUID = alder.nodes["Contracts"]
    spoilt = "UPDATE kept_count SET measures = measures + 1 WHERE place_id = :node AND stage = 'DEFINED'"
    await change(writing(), spoilt, node=node)
    await change(writing(), "DELETE FROM kept_count WHERE place_id = :place", place=alder.id)
    ((name, found),) = await unkept()
    assert name == "Alder Pumps"
    assert [each.sentence for each in found] == [
        "“Alder Pumps” (INITIATIVE, DEFINED, ACTIVE): measures is kept as 0, recomputed 1.",
        "“Alder Pumps” (SALES_PLAN, DEFINED, ACTIVE): measures is kept as 0, recomputed 1.",
        "“Contracts” (INITIATIVE, DEFINED, ACTIVE): measures is kept as 2, recomputed 1.",
        "“Contracts” (SALES_PLAN, DEFINED, ACTIVE): measures is kept as 2, recomputed 1.",
    ]
    await mend()
    assert await unkept() == []


def doctor(folder: Path, *words: str) -> tuple[int, str]:
    """Exit code and everything that `stageline doctor` says about the database in a folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STAGELINE_")}
    command = [sys.executable, "-m", "server", "doctor", *words, "--data-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


async def test_the_doctor_on_the_command_line(migrated_file: Path, tmp_path: Path) -> None:
    async with opened(copied(migrated_file, tmp_path)):
        kept = await Kept.founded(Counter())
        await kept.take([("write many", 0, 0, 12345)])
        spoilt = "UPDATE kept_sum SET plan = plan + 7 WHERE place_id = :place AND month = 202610"
        await change(writing(), spoilt, place=kept.organization.id)
    assert doctor(tmp_path)[0] == 0, "who does not ask for it does not wait for it"
    code, said = doctor(tmp_path, "--recompute")
    assert code == 1
    assert "roll-ups of Alder Pumps: 1 kept otherwise than recomputed" in said
    assert "“Alder Pumps” (202610, MARGIN, DEFINED, ACTIVE): plan is kept as 22,227, recomputed 22,220." in said
    assert doctor(tmp_path, "--recompute", "--repair")[0] == 0
    assert "roll-ups: kept as recomputed, to the last digit" in doctor(tmp_path, "--recompute")[1]
