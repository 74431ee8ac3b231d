"""Policies as YAML files: what is written is read again, and all that is wrong is told at once with its line."""

from dataclasses import replace

import pytest
from hypothesis import given

from server.domain.policy import DEFAULT, Policy, Validation
from server.domain.policy_faults import faults
from server.domain.policy_form import policy_of
from server.domain.refusals import Refused
from server.domain.stages import STAGES, Stage
from server.exchange.policy_docs import criteria_table
from server.exchange.policy_reading import document_of, read_policy
from server.exchange.policy_templates import PolicyTemplate, template
from server.exchange.policy_writing import write_policy
from tests.support.imports import ROOT
from tests.support.policies import POLICIES

UNLOCKED = replace(DEFAULT, version=0, locked=False)
STANDARD = write_policy(DEFAULT)


def policy_from(text: str) -> Policy:
    return policy_of(document_of(text), 0, locked=False)


@given(POLICIES)
def test_every_policy_is_read_as_it_was_written(policy: Policy) -> None:
    assert policy_from(write_policy(policy)) == policy


def test_three_policies_ship_ready_and_the_standard_is_the_law() -> None:
    assert policy_from(template(PolicyTemplate.STANDARD)) == UNLOCKED
    for which in PolicyTemplate:
        policy = policy_from(template(which))
        assert faults(policy) == ()
        assert template(which).endswith(write_policy(policy)), "its comments are those of an export"
    lean, audit = (policy_from(template(which)) for which in (PolicyTemplate.LEAN, PolicyTemplate.AUDIT_GRADE))
    assert all(len(lean.gates[into].votes) == 1 for into in STAGES[1:] if into is not Stage.DECIDED)
    assert {gate.financial_validation for gate in audit.gates.values()} == {Validation.DOCUMENTED}
    for into in STAGES[1:]:
        asked = [{demand.criterion for demand in policy.gates[into].demands} for policy in (lean, DEFAULT, audit)]
        assert asked[0] <= asked[1] <= asked[2]


# what is written instead of what → what stands in the line that is told, the path, and a part of the sentence
WRONG = {
    "unknown criterion": ("- BASELINE: 1", "- BASELNE: 1", "BASELNE", "gates.DETAILED.criteria[0]", "“BASELINE”?"),
    "unknown key": (
        "sustainMonths:",
        "sustainMonth:",
        "sustainMonth:",
        "sustainMonth",
        "did you mean “sustainMonths”?",
    ),
    "missing key": ("  CLOSED: 100\n", "", "stageWeights:", "stageWeights", "CLOSED is missing here"),
    "no number": ("redAfterDays: 14", "redAfterDays: soon", "soon", "lights.redAfterDays", "not “soon”"),
    "no list": ("[MARGIN, COST_SAVING]", "MARGIN", "headlineKinds: MARGIN", "headlineKinds", "A list is needed"),
    "unknown word": (
        "cycle: MONTHLY",
        "cycle: YEARLY",
        "YEARLY",
        "cadence.cycle",
        "there is WEEKLY, MONTHLY, QUARTERLY.",
    ),
    "unknown role": (
        "role: PROGRAM_LEAD",
        "role: PROGRAMS",
        "PROGRAMS",
        "gates.IDENTIFIED.votes[0].role",
        "PROGRAM_LEAD",
    ),
    "two in one": ("- RISKS ", "- {RISKS: 1, OWNER: 1} ", "RISKS: 1", "gates.DETAILED.criteria[4]", "at a time"),
    "a list for a name": (": Sales plan", ": [Sales plan]", "[Sales plan]", "levelNames.SALES_PLAN", "not a list"),
    "no voter": ("role: PROGRAM_LEAD", "role: OWNER", "role: OWNER", "gates.IDENTIFIED.votes[0].role", "has no vote"),
    "an amount as written": ("1000000", "1.000.000", "1.000.000", "gates.DECIDED.votes[2].above", "write digits only"),
    "out of reach": ("sustainMonths: 3", "sustainMonths: 99", "99", "sustainMonths", "write 0 to 36"),
    "key twice": ("greenFrom: 0.9", "greenFrom: 0.9\n  greenFrom: 1", ": 1", "lights.greenFrom", "stands already on"),
}


@pytest.mark.parametrize("why", WRONG)
def test_a_mistake_is_told_with_its_line_and_its_path(why: str) -> None:
    right, wrong, stands, path, part = WRONG[why]
    assert right in STANDARD
    text = STANDARD.replace(right, wrong, 1)
    (fault,) = read_policy(text).faults
    assert str(fault).startswith(f"Line {fault.line}, {path}: "), str(fault)
    assert part in fault.sentence
    assert stands in text.splitlines()[fault.line - 1]


def test_all_mistakes_are_told_at_once_and_nothing_is_made_of_them() -> None:
    text = STANDARD
    made = [text := text.replace(right, wrong, 1) for right, wrong, *_ in WRONG.values() if right in text]
    reading = read_policy(text)
    assert len(reading.faults) == len(made) >= len(WRONG) - 2  # one role, and one number, is wrong in one way only
    assert [fault.line for fault in reading.faults] == sorted(fault.line for fault in reading.faults)
    with pytest.raises(Refused) as refused:
        document_of(text)
    assert refused.value.message == f"The policy has {len(reading.faults)} faults; nothing was changed."
    assert len(refused.value.details) == len(reading.faults)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("name: [", "The policy is not YAML"),
        ("name: &a x\ncurrency: *a", "uses an anchor"),
        ("a: " + "[" * 30, "nested deeper"),
        ("#" * 300_000, "longer than 256 KiB"),
    ],
)
def test_what_is_no_yaml_is_refused(text: str, part: str) -> None:
    with pytest.raises(Refused, match=part):
        read_policy(text)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list"])
def test_what_is_no_policy_says_what_one_is_made_of(text: str) -> None:
    (fault,) = read_policy(text).faults
    assert "write name, currency, gates" in fault.sentence


def test_a_mistake_raises_no_false_alarm_about_the_rest() -> None:
    """What cannot be read is filled in from the nearest word, so that the law does not miss it."""
    for right, wrong in (("role: CONTROLLER", "role: CONTROLER"), ("- BASELINE: 1", "- BASE_LINE: 1")):
        assert {fault.sentence.split(" ")[0] for fault in read_policy(STANDARD.replace(right, wrong)).faults} == {
            f"“{wrong.split(': ')[1] if 'role' in wrong else 'BASE_LINE'}”"
        }


def test_the_docs_hold_the_catalogue_as_it_is() -> None:
    assert criteria_table() in (ROOT / "docs/policy.md").read_text(encoding="utf-8")
