"""The whole grid of rights, role × act × level × stage, as law §2 and §3 state it."""

from itertools import product

import pytest

from server.domain.cascade import MEASURES, Level, Standing
from server.domain.people import Role, Scope
from server.domain.refusals import RefusalCode
from server.domain.rights import ASSIGNEE, LEDGER_VIEWER, READS, RIGHTS, Holder, Situation, acts_at, may
from server.domain.stages import STAGES, Stage

# What the law says: act; levels (. the organization, O P G what lies above measures, I initiative, S sales plan); the
# stages of a measure by degree (0 defined … 5 closed); and who, by initials (MA the milestone's assignee, * anybody).
LAW = """
signIn             .      -       *
signOut            .      -       *
setPassword        .      -       *
addPerson          .      -       AD
createToken        .      -       AD
revokeToken        .      -       AD
createCalendarFeed .      -       *
revokeCalendarFeed .      -       *
grantSeat          .OPG   -       AD
grantSeat          IS     012345  AD
endSeat            .OPG   -       AD
endSeat            IS     012345  AD
ratifySeat         .OPG   -       EX
ratifySeat         IS     012345  EX
handOverDesk       .      -       AD
delegateVote       .OPG   -       EX SP PG CO
delegateVote       IS     012345  EX SP PG CO
revokeDelegation   .      -       *
setPlanRate        .      -       CO
setActualRate      .      -       CO
setBudget          P      -       PL
importFile         .      -       PL SM
saveImportMapping  .      -       PL SM
editPolicyDraft    .      -       PL
discardPolicyDraft .      -       PL
proposePolicy      .      -       PL
withdrawPolicy     .      -       PL
declinePolicy      .      -       EX
ratifyPolicy       .      -       EX
createObjective    .O     -       EX PL
createPortfolio    O      -       PL
createProgram      P      -       PL PG
createInitiative   G      -       PL PG SP
createSalesPlan    I      01234   PG OW SM
editNode           O      -       EX PL
editNode           P      -       PL
editNode           G      -       PL PG
editNode           I      01234   OW
editNode           S      01234   OW SM
moveNode           OP     -       PL
moveNode           G      -       PL PG
moveNode           IS     012345  PL
cancelNode         O      -       EX PL
cancelNode         P      -       PL
cancelNode         G      -       PL PG
holdMeasure        IS     012     SP
holdMeasure        IS     34      EX
cancelMeasure      IS     012     SP
cancelMeasure      IS     34      EX
attachEvidence     IS     01234   OW SM CO
submitGate         I      01234   OW
submitGate         S      01234   OW SM
retractSubmission  I      012345  OW
retractSubmission  S      012345  OW SM
remindDeciders     I      012345  OW PL
remindDeciders     S      012345  OW SM PL
decideGate         IS     012345  SP PG CO EX
proposeChange      I      34      OW
proposeChange      S      34      OW SM
retractChange      I      34      OW
retractChange      S      34      OW SM
retractChange      IS     5       CO
decideChange       IS     345     SP PG CO EX
reopenMeasure      IS     5       CO
askQuestion        IS     012345  SP PG CO EX
answerQuestion     I      01234   OW
answerQuestion     S      01234   OW SM
answerQuestion     I      5       OW CO
answerQuestion     S      5       OW SM CO
addIndicator       O      -       EX PL
addIndicator       P      -       PL
addIndicator       G      -       PL PG
addIndicator       I      01234   OW
addIndicator       S      01234   OW SM
editIndicator      O      -       EX PL
editIndicator      P      -       PL
editIndicator      G      -       PL PG
editIndicator      I      01234   OW
editIndicator      S      01234   OW SM
removeIndicator    O      -       EX PL
removeIndicator    P      -       PL
removeIndicator    G      -       PL PG
removeIndicator    I      01234   OW
removeIndicator    S      01234   OW SM
setIndicatorPath   O      -       EX PL
setIndicatorPath   P      -       PL
setIndicatorPath   G      -       PL PG
setIndicatorPath   I      01234   OW
setIndicatorPath   S      01234   OW SM
recordIndicator    O      -       EX PL OW
recordIndicator    P      -       PL OW
recordIndicator    G      -       PL PG OW
recordIndicator    I      01234   OW
recordIndicator    S      01234   OW SM
addValueLine       I      012     OW
editValueLine      I      01      OW
setPlan            I      012     OW
setForecast        I      34      OW
recordActual       I      01234   OW CO
correctActual      I      01234   CO
confirmValue       I      4       CO
setQuota           S      012     SM
setIncentives      S      012     SM
setCapacity        S      01234   SM
recordActivities   .      -       SM PA
recordActivities   S      01234   SM PA
recordResults      .      -       SM PA
recordResults      S      01234   SM PA
assignResults      .      -       SM PG PL
assignResults      S      01234   SM PG PL
applyMatchingRules .      -       SM PG PL
addMatchingRule    S      01234   SM PG PL
editMatchingRule   S      01234   SM PG PL
moveMatchingRule   S      012345  SM PG PL
removeMatchingRule S      012345  SM PG PL
addMilestone       I      0123    OW
addMilestone       S      0123    OW SM
editMilestone      I      0123    OW
editMilestone      S      0123    OW SM
addDependency      I      0123    OW
addDependency      S      0123    OW SM
removeDependency   I      0123    OW
removeDependency   S      0123    OW SM
cancelMilestone    I      012     OW
cancelMilestone    S      012     OW SM
setLight           I      01234   OW
setLight           S      01234   OW SM
openCycle          .      -       PL
closeCycle         .      -       PL
recordReading      IS     0123    OW SM MA PA
achieveMilestone   IS     0123    OW SM MA PA
verifyMilestone    IS     01234   SP PG CO
"""
# The same while the measure is on hold: only what leads out of it, seats, and moving.
LAW_ON_HOLD = """
grantSeat          IS     012345  AD
endSeat            IS     012345  AD
ratifySeat         IS     012345  EX
delegateVote       IS     012345  EX SP PG CO
moveNode           IS     012345  PL
moveMatchingRule   S      012345  SM PG PL
removeMatchingRule S      012345  SM PG PL
cancelMeasure      IS     012     SP
cancelMeasure      IS     34      EX
resumeMeasure      IS     012     SP
resumeMeasure      IS     34      EX
"""
# act, and the gates (by degree) that hand in what it changes; +: of a sales plan, those of its initiative too
LAW_WHILE_SUBMITTED = """
editNode           12345
addValueLine       12345
editValueLine      12345
setPlan            12345
addMilestone       12345
editMilestone      12345
addDependency      12345
removeDependency   12345
cancelMilestone    12345
setQuota           12345 +
setIncentives      12345 +
moveNode           12345 +
proposeChange      12345
reopenMeasure      12345
setForecast        45
recordActual       5
correctActual      5
recordResults      5
assignResults      5
createSalesPlan    5
"""
HOLDERS: dict[str, Holder] = {
    "AD": Role.ADMIN,
    "EX": Role.EXECUTIVE,
    "SP": Role.SPONSOR,
    "PL": Role.PORTFOLIO_LEAD,
    "PG": Role.PROGRAM_LEAD,
    "OW": Role.OWNER,
    "SM": Role.SALES_MANAGER,
    "CO": Role.CONTROLLER,
    "VI": Role.VIEWER,
    "PA": Role.PARTNER,
    "MA": ASSIGNEE,
}
LEVELS: dict[str, Level | None] = dict(zip(".OPGIS", [None, *Level], strict=True))
ACTS = sorted(RIGHTS)
Cell = tuple[str, Level | None, Stage | None, Holder]


def cells(law: str) -> set[Cell]:
    """Every allowed (act, level, stage, holder) of a table."""
    allowed: set[Cell] = set()
    for row in law.strip().splitlines():
        act, levels, degrees, *who = row.split()
        stages = [None] if degrees == "-" else [STAGES[int(degree)] for degree in degrees]
        holders = (
            [each for each in HOLDERS.values() if each is not Role.PARTNER]
            if who == ["*"]
            else [HOLDERS[initials] for initials in who]
        )
        allowed |= set(product([act], [LEVELS[letter] for letter in levels], stages, holders))
    return allowed


def scopes_of(holder: Holder) -> frozenset[str] | None:
    """A partner acts by a token, here one with every scope; everybody else by themselves."""
    return frozenset(Scope) if holder is Role.PARTNER else None


def found(act: str, standing: Standing) -> set[Cell]:
    """Every (act, level, stage, holder) that `may` allows."""
    places = [(level, stage) for level in LEVELS.values() for stage in (STAGES if level in MEASURES else (None,))]
    return {
        (act, level, stage, holder)
        for (level, stage), holder in product(places, HOLDERS.values())
        if may(act, Situation(frozenset({holder}), level, stage, standing, scopes=scopes_of(holder))) is True
    }


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_open_to_whom_the_law_names_and_to_nobody_else(act: str) -> None:
    assert found(act, Standing.ACTIVE) == {cell for cell in cells(LAW) if cell[0] == act}


@pytest.mark.parametrize("act", ACTS)
def test_on_hold_only_what_leads_out_of_it_is_open(act: str) -> None:
    measures = {cell for cell in found(act, Standing.ON_HOLD) if cell[1] in MEASURES}
    assert measures == {cell for cell in cells(LAW_ON_HOLD) if cell[0] == act}


@pytest.mark.parametrize("act", ACTS)
def test_what_was_cancelled_is_final_and_only_seats_loans_and_rules_there_still_end(act: str) -> None:
    ends = act in {"endSeat", "revokeDelegation", "removeMatchingRule"}
    assert list(found(act, Standing.CANCELLED)) == (list(found(act, Standing.ACTIVE)) if ends else [])


@pytest.mark.parametrize("act", ACTS)
def test_what_was_handed_in_stays_while_a_submission_is_open(act: str) -> None:
    """Wherever an act is open, an open submission closes it exactly at the gates that hand in what it changes."""
    rows = {name: rest for name, *rest in (line.split() for line in LAW_WHILE_SUBMITTED.strip().splitlines())}
    gates = {STAGES[int(degree)] for degree in rows[act][0]} if act in rows else set()
    for _, level, stage, holder in found(act, Standing.ACTIVE):
        for gate in STAGES[1:] if level in MEASURES else ():
            who, scopes = frozenset({holder}), scopes_of(holder)
            own = Situation(who, level, stage, submitted=gate, scopes=scopes)
            above = Situation(who, level, stage, above_submitted=gate, scopes=scopes)
            assert (may(act, own) is True) == (gate not in gates)
            assert (may(act, above) is True) == (gate not in gates or "+" not in rows[act])


def test_the_law_names_no_act_that_is_not_there() -> None:
    assert {cell[0] for cell in cells(LAW) | cells(LAW_ON_HOLD)} == set(RIGHTS)


def test_two_seats_of_one_person_add_up_and_never_lend_each_other_a_stage() -> None:
    both = frozenset[Holder]({Role.SPONSOR, Role.EXECUTIVE})
    for stage in STAGES:
        verdict = may("holdMeasure", Situation(both, Level.INITIATIVE, stage))
        assert (verdict is True) == (stage < Stage.CLOSED)
    only = may("holdMeasure", Situation(frozenset({Role.SPONSOR}), Level.INITIATIVE, Stage.DECIDED))
    assert only == "Only the executive may do this."


@pytest.mark.parametrize("act", ACTS)
def test_every_no_is_a_sentence(act: str) -> None:
    for level, holder in product(LEVELS.values(), HOLDERS.values()):
        for stage in STAGES if level in MEASURES else (None,):
            verdict = may(act, Situation(frozenset({holder}), level, stage))
            assert verdict is True or (verdict[0].isupper() and verdict.endswith("."))


def test_buttons_show_the_acts_of_their_level() -> None:
    assert "createPortfolio" in acts_at(Level.OBJECTIVE)
    assert "submitGate" in acts_at(Level.SALES_PLAN)
    assert "decideGate" not in acts_at(Level.SALES_PLAN)  # it stands on the gate
    assert "holdMeasure" not in acts_at(Level.PROGRAM)


# What a machine's token takes besides its seat (law §3: scopes instead of votes); whatever is not here takes a person.
LAW_OF_SCOPES = """
recordResults      results:write
recordActivities   results:write
recordReading      milestones:write
achieveMilestone   milestones:write
"""


@pytest.mark.parametrize("act", ACTS)
def test_a_machine_needs_the_scope_besides_the_role_and_never_does_more(act: str) -> None:
    needed = dict(row.split() for row in LAW_OF_SCOPES.strip().splitlines()).get(act)
    for _, level, stage, holder in found(act, Standing.ACTIVE):
        for scope in Scope:
            verdict = may(act, Situation(frozenset({holder}), level, stage, scopes=frozenset({Scope.READ, scope})))
            assert (verdict is True) == (scope == needed), (level, stage, holder, scope)
        with_none = may(act, Situation(frozenset({holder}), level, stage, scopes=frozenset()))
        assert with_none is not True
        assert ("a person does it" in with_none) == (needed is None)


def test_a_partners_seat_opens_nothing_to_a_person() -> None:
    for act, level in product(ACTS, LEVELS.values()):
        for stage in STAGES if level in MEASURES else (None,):
            anybody = may(act, Situation(frozenset(), level, stage))
            assert may(act, Situation(frozenset({Role.PARTNER}), level, stage)) == anybody


# Who reads what is no act on a thing (law §3: read); VW is a viewer whose seat says so.
LAW_OF_READING = """
ledger             .OPGIS  EX PL CO AD VW
verifyLedger       .       EX PL CO AD VW
tokens             .       AD
"""


@pytest.mark.parametrize("row", LAW_OF_READING.strip().splitlines())
def test_what_is_read_by_a_right_of_its_own_is_open_to_whom_the_law_names(row: str) -> None:
    what, levels, *who = row.split()
    holders = HOLDERS | {"VW": LEDGER_VIEWER}
    places = set(product([LEVELS[letter] for letter in levels], [holders[initials] for initials in who]))
    allowed = {
        (level, holder)
        for level, holder in product(LEVELS.values(), holders.values())
        if may(what, Situation(frozenset({holder}), level, scopes=scopes_of(holder))) is True
    }
    assert allowed == places
    assert what in READS


@pytest.mark.parametrize(
    ("act", "stage", "standing", "code"),
    [
        ("setForecast", Stage.DETAILED, Standing.ACTIVE, RefusalCode.WRONG_STAGE),
        ("setForecast", Stage.CLOSED, Standing.ACTIVE, RefusalCode.FROZEN),
        ("setPlan", Stage.DECIDED, Standing.ACTIVE, RefusalCode.FROZEN),
        ("confirmValue", Stage.DECIDED, Standing.ACTIVE, RefusalCode.WRONG_STAGE),
        ("correctActual", Stage.CLOSED, Standing.ACTIVE, RefusalCode.FROZEN),
        ("reopenMeasure", Stage.DECIDED, Standing.ACTIVE, RefusalCode.WRONG_STAGE),
        ("setPlan", Stage.DEFINED, Standing.ON_HOLD, RefusalCode.WRONG_STAGE),
        ("verifyLedger", Stage.DEFINED, Standing.ACTIVE, RefusalCode.WRONG_STAGE),
    ],
)
def test_a_reason_carries_the_code_that_it_is_refused_with(
    act: str, stage: Stage, standing: Standing, code: RefusalCode
) -> None:
    everybody = frozenset({*Role, ASSIGNEE})
    verdict = may(act, Situation(everybody, Level.INITIATIVE, stage, standing))
    assert verdict is not True
    assert verdict.code is code
    nobody = may(act, Situation(frozenset(), Level.INITIATIVE, stage, standing))
    assert nobody is not True
    assert nobody.code in {RefusalCode.FORBIDDEN, code}
