"""`stageline import crm`: refused with a sentence and exit code 1, then done with a report, then without effect."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from server.actions.founding import Founder, found
from server.domain.people import Role
from server.models.database import close_database, migrate, open_database

ROOT = Path(__file__).resolve().parents[2]
MAPPING = """
system: crm
currency: EUR
files: {deals: deals.csv}
columns: {externalId: id, stage: stage, amount: sum}
stages: {"*": OPEN}
"""


async def run(folder: Path, email: str, *more: str) -> tuple[int, str, str]:
    """Exit code, report and the rest; the rest holds the bar."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STAGELINE_")}
    words = ["import", "crm", str(folder / "extract"), "--mapping", str(folder / "mapping.yaml"), "--as", email, *more]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", *words, "--data-dir", str(folder),
        cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, rest = await process.communicate()
    return process.returncode or 0, out.decode(), rest.decode()


async def test_a_folder_is_imported(tmp_path: Path) -> None:
    await open_database(f"sqlite://{tmp_path}/stageline.sqlite3")
    await migrate()
    sal = Founder("Sal", "sal@alder.example", None, (Role.SALES_MANAGER,))
    at = datetime.now(UTC)
    await found(name="Alder", currency="EUR", time_zone="UTC", fiscal_year_start=1, founders=[sal], at=at)
    await close_database()
    (tmp_path / "extract").mkdir()
    (tmp_path / "extract" / "deals.csv").write_text(
        "id,stage,sum\n1,Offer,10.50\n2,Offer,ten\n3,Offer,\n", encoding="utf-8"
    )
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("sum}", "summ}"), encoding="utf-8")

    code, out, rest = await run(tmp_path, "Sal@alder.example")
    assert (code, out) == (1, "")
    assert "deals.csv has no column “summ”; did you mean “sum”? Its columns: id, stage, sum." in rest
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    code, out, rest = await run(tmp_path, "nobody@alder.example")
    assert (code, out) == (1, "")
    assert "Nobody here signs in as nobody@alder.example." in rest

    code, out, rest = await run(tmp_path, "Sal@alder.example")
    assert code == 0
    assert out == (
        "Files\n"
        "  deals.csv was read as utf-8 with “,” between columns.\n"
        "Deals kept without a plan\n"
        "  deals.csv line 2, deals.csv line 4: Kept without a plan: the mapping has no plans.\n"
        "Rows not taken\n"
        "  deals.csv line 3, sum “ten”: “ten” is not a number written with “.” before decimals.\n"
        "Read 3 rows: 2 created, 0 changed, 0 unchanged. 2 deals kept without a plan. "
        "1 row not taken; the reasons are listed.\n"
    )
    assert "Writing" in rest
    assert "2/2" in rest
    _, out, _ = await run(tmp_path, "Sal@alder.example", "--dry-run")
    assert "Read 3 rows: nothing changed." in out
