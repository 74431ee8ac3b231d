"""`stageline ledger`: proved and exported from the command line, and what was exported proves itself."""

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.actions.founding import Founder, found
from server.domain.people import Role
from server.models.database import change, close_database, migrate, open_database, writing
from tests.support.imports import ROOT

SOUND = "Every entry from 1 to 2 is there, in order and unaltered. Head: "  # founded, and the policy drafted


def ran(*words: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a Python program."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STAGELINE_")}
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout, done.stderr


def ledger(folder: Path, *words: str | Path) -> tuple[int, str, str]:
    """`stageline ledger …` on the database in a folder."""
    return ran("-m", "server", "ledger", *words, "--data-dir", folder)


async def in_database(folder: Path, names: Iterable[str] = (), statement: str = "") -> None:
    """Found organizations, and run a statement."""
    await open_database(f"sqlite://{folder}/stageline.sqlite3")
    try:
        await migrate()
        for name in names:
            founder = Founder("Ada", f"ada@{name.lower()}.example", None, (Role.ADMIN,))
            await found(
                name=name,
                currency="EUR",
                time_zone="UTC",
                fiscal_year_start=1,
                founders=[founder],
                at=datetime.now(UTC),
            )
        if statement:
            await change(writing(), statement)
    finally:
        await close_database()


async def test_every_ledger_is_verified_or_the_one_named(tmp_path: Path) -> None:
    await in_database(tmp_path, ["Alder", "Birch"])
    code, out, err = ledger(tmp_path, "verify", "--organization", "Cedar")
    assert (code, out) == (1, "")
    assert err == "There is no organization “Cedar” here. Known: “Alder” and “Birch”.\n"
    code, out, _ = ledger(tmp_path, "verify")
    assert code == 0
    assert [line[: line.index("Head: ") + 6] for line in out.splitlines()] == [f"Alder: {SOUND}", f"Birch: {SOUND}"]
    await in_database(tmp_path, statement="UPDATE organization SET revision = 3 WHERE name = 'Birch'")
    code, out, _ = ledger(tmp_path, "verify")
    assert code == 1
    assert "Birch: Entry 3 is altered, missing or out of order; all before it are sound." in out
    assert ledger(tmp_path, "verify", "--organization", "Alder")[0] == 0
    assert "ledger of Birch: Entry 3" in ran("-m", "server", "doctor", "--data-dir", tmp_path)[2]


async def test_an_export_is_one_organizations_and_proves_itself(tmp_path: Path) -> None:
    await in_database(tmp_path, ["Alder", "Birch"])
    code, out, err = ledger(tmp_path, "export")
    assert (code, out) == (1, "")
    assert err.startswith("An export holds one organization's ledger; here: “Alder” (")
    code, _, err = ledger(tmp_path, "export", "--organization", "Alder", "--out", tmp_path / "no" / "where.jsonl")
    assert code == 1
    assert "cannot be written: No such file or directory. Choose another file with --out." in err

    exported = tmp_path / "alder.jsonl"
    code, out, err = ledger(tmp_path, "export", "--organization", "Alder", "--out", exported)
    assert (code, out) == (0, "")
    assert err == "“Alder”: exported entries 1 to 2. docs/verify_ledger.py proves them without Stageline.\n"
    code, out, _ = ran("docs/verify_ledger.py", exported)
    assert code == 0
    assert out.startswith("Sound: 2 entries, head ")
    code, out, _ = ledger(tmp_path, "export", "--organization", "Alder")
    assert (code, out) == (0, exported.read_text(encoding="utf-8"))


@pytest.mark.parametrize("words", [[], ["one", "two", "three"]])
def test_the_script_says_how_it_is_used(words: list[str]) -> None:
    code, out, err = ran("docs/verify_ledger.py", *words)
    assert (code, out) == (1, "")
    assert "verify_ledger.py FILE [HEAD]" in err
