"""`stageline policy`: checked offline, drafted with somebody's rights, and exported once two people have locked it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.__main__ import cli
from server.actions.policies import propose_policy, ratify_policy
from server.domain.refusals import Refused
from server.exchange.policy_command import draft, export
from server.exchange.policy_templates import PolicyTemplate, template
from server.live.work import perform
from server.models.policies import PolicyVersion
from tests.support.company import NOW, company, copied, opened


def policy(*words: str | Path) -> tuple[int, str, str]:
    """Exit code and what `stageline policy …` prints on either side."""
    done = CliRunner().invoke(cli, ["policy", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


def test_a_ready_policy_is_printed_and_found_sound(tmp_path: Path) -> None:
    assert policy("template", "strict")[0] == 1
    for name in ("lean", "standard", "audit-grade"):
        code, text, _ = policy("template", name)
        file = tmp_path / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        assert (code, policy("check", file)) == (0, (0, f"{file} is a sound policy.\n", ""))


def test_every_fault_of_a_file_is_printed_with_its_line(tmp_path: Path) -> None:
    text = (
        template(PolicyTemplate.STANDARD).replace("cycle: MONTHLY", "cycle: DAILY").replace("CLOSED: 100", "CLOSED: 1")
    )
    file = tmp_path / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    code, _, told = policy("check", file)
    assert code == 1
    assert [line.split(": ")[0].split(", ")[1] for line in told.splitlines()] == [
        "stageWeights.CLOSED",
        "cadence.cycle",
    ]
    file.write_text("[", encoding="utf-8")
    assert policy("check", file)[2].startswith("The policy is not YAML")


async def test_a_file_becomes_a_draft_and_what_is_locked_is_exported(migrated_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "lean.yaml"
    file.write_text(template(PolicyTemplate.LEAN), encoding="utf-8")
    async with opened(copied(migrated_file, tmp_path)) as bell:
        alder = await company("Alder", bell)
        with pytest.raises(Refused, match="Only the portfolio lead may do this"):
            await draft(file, "olaf@alder.example", NOW)
        with pytest.raises(Refused, match="Nobody here signs in as"):
            await draft(file, "nobody@alder.example", NOW)
        told = await draft(file, "lea@alder.example", NOW)
        assert told == "“Lean” is the draft now. Propose it on the page of the policy."
        assert "name: Standard" in await export("Alder")
        made = await PolicyVersion.get(organization_id=alder.id, version=2)
        await perform(await alder.viewer("lea"), propose_policy, alder.now, policy=made.id)
        await perform(await alder.viewer("eve"), ratify_policy, alder.now, policy=made.id)
        exported = await export(None)
        assert exported.split("gates:", 1)[1] == template(PolicyTemplate.LEAN).split("gates:", 1)[1]
        await PolicyVersion.filter(organization_id=alder.id).delete()
        with pytest.raises(Refused, match="has no policy in force yet"):
            await export("Alder")
