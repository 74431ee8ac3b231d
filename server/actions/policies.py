"""The policy on its way: drafted, proposed by a portfolio lead, ratified by an executive (law §3).

There is at most one draft, and one version in force. What was submitted before keeps the version it was made under.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.policy import DEFAULT, PolicyState
from server.domain.policy_form import plain
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.policies import PolicyVersion

_DRAFT, _PROPOSED, _IN_FORCE, _RETIRED = PolicyState


async def edit_policy_draft(work: Work, *, document: dict[str, Any], expected_revision: int | None = None) -> UUID:
    """Replace the draft by a whole policy, or begin one where there is none.

    `document` is as `domain.policy_form` has it; amounts without a currency are in the reporting currency. A draft may
    still have faults: proposing finds them. Raises WRONG_STAGE while a version is proposed.
    """
    await require(work, "editPolicyDraft", None)
    written = document | {"currency": document["currency"] or work.organization.reporting_currency}
    open_version = await _open(work)
    if open_version is None:
        return await draft(work, written)
    work.fresh(open_version, expected_revision, _called(open_version))
    if open_version.state == _PROPOSED:
        message = (
            f"{_called(open_version).capitalize()} is proposed, and what an executive is to ratify does not change. "
            "Withdraw it, or let an executive decline it; then edit it."
        )
        raise Refused(RefusalCode.WRONG_STAGE, message, ["policy"])
    if await work.alter(open_version, document=written):
        await work.alter(open_version, drafted_by_id=work.viewer.person_id, drafted_at=work.at)
        await _record(work, open_version, "rewrote the draft of")
    return open_version.id


async def draft(work: Work, document: dict[str, Any]) -> UUID:
    """Begin the next version as a draft."""
    latest = await PolicyVersion.filter(organization_id=work.organization.id).using_db(work.db).order_by("-version")
    version = PolicyVersion(
        organization_id=work.organization.id,
        version=latest[0].version + 1 if latest else 1,
        state=_DRAFT.value,
        document=document,
        drafted_by_id=work.viewer.person_id,
        drafted_at=work.at,
    )
    await work.add(version)
    await _record(work, version, "drafted")
    return version.id


async def draft_standard(work: Work) -> UUID:
    """Begin with the standard policy, as every organization does (law §2)."""
    return await draft(work, plain(DEFAULT) | {"currency": work.organization.reporting_currency})


async def propose_policy(work: Work, *, policy: UUID, expected_revision: int | None = None) -> UUID:
    """Hand the draft to the executives. From here on it does not change until they ratify or decline it."""
    found = await _in_state(work, "proposePolicy", policy, {_DRAFT}, expected_revision)
    await work.alter(found, state=_PROPOSED.value, proposed_by_id=work.viewer.person_id, proposed_at=work.at)
    await _record(work, found, "proposed")
    return found.id


async def withdraw_policy(work: Work, *, policy: UUID, expected_revision: int | None = None) -> UUID:
    """Take a proposed version back, so that it can be edited again."""
    found = await _in_state(work, "withdrawPolicy", policy, {_PROPOSED}, expected_revision)
    await _send_back(work, found)
    await _record(work, found, "withdrew")
    return found.id


async def decline_policy(
    work: Work, *, policy: UUID, comment: str | None = None, expected_revision: int | None = None
) -> UUID:
    """Send a proposed version back to its draft, with a comment that says why."""
    found = await _in_state(work, "declinePolicy", policy, {_PROPOSED}, expected_revision)
    faults = Faults()
    why = cleaned(comment, "comment", faults, required=True)
    faults.refuse_if_any()
    await _send_back(work, found)
    await _record(work, found, "declined", f": {why}")
    return found.id


async def discard_policy_draft(work: Work, *, policy: UUID, expected_revision: int | None = None) -> UUID:
    """Throw the draft away; the ledger keeps what it said."""
    found = await _in_state(work, "discardPolicyDraft", policy, {_DRAFT}, expected_revision)
    await work.drop(found)
    await _record(work, found, "discarded the draft of")
    return found.id


async def ratify_policy(work: Work, *, policy: UUID, expected_revision: int | None = None) -> UUID:
    """Put the proposed version in force, in place of the one before: an executive does, who did not write it."""
    found = await _in_state(work, "ratifyPolicy", policy, {_PROPOSED}, expected_revision)
    if work.viewer.person_id in (found.proposed_by_id, found.drafted_by_id):
        part = "proposed" if work.viewer.person_id == found.proposed_by_id else "drafted"
        message = f"You {part} {_called(found)}, and it takes two persons to lock a policy. Ask another executive."
        raise Refused(RefusalCode.SAME_PERSON, message, ["policy"])
    before = (
        await PolicyVersion.filter(organization_id=work.organization.id, state=_IN_FORCE.value)
        .using_db(work.db)
        .first()
    )
    if before is not None:
        await work.alter(before, state=_RETIRED.value)
    await work.alter(found, state=_IN_FORCE.value, ratified_by_id=work.viewer.person_id, ratified_at=work.at)
    await _record(work, found, "ratified")
    return found.id


async def _send_back(work: Work, version: PolicyVersion) -> None:
    await work.alter(version, state=_DRAFT.value, proposed_by_id=None, proposed_at=None)


async def _open(work: Work) -> PolicyVersion | None:
    states = [_DRAFT.value, _PROPOSED.value]
    found = PolicyVersion.filter(organization_id=work.organization.id, state__in=states)
    return await found.using_db(work.db).first()


async def _in_state(
    work: Work, act: str, policy: UUID, states: Collection[PolicyState], expected_revision: int | None
) -> PolicyVersion:
    """The version that an act is about, once the viewer may do it and it stands as the act needs it."""
    found = await PolicyVersion.filter(id=policy, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found("policy")
    await require(work, act, None)
    work.fresh(found, expected_revision, _called(found))
    if found.state not in states:
        raise Refused(RefusalCode.WRONG_STAGE, _not_now(found, states), ["policy"])
    return found


def _not_now(version: PolicyVersion, states: Collection[PolicyState]) -> str:
    stands = {
        _DRAFT: "is a draft",
        _PROPOSED: "is proposed, and waits for an executive",
        _IN_FORCE: "is in force",
        _RETIRED: "was retired by a later one",
    }[PolicyState(version.state)]
    wanted = "a draft, which a portfolio lead proposes first" if _PROPOSED in states else "the draft"
    return f"{_called(version).capitalize()} {stands}; this is done to {wanted}."


def _called(version: PolicyVersion) -> str:
    return f"policy {version.version} “{version.document['name']}”"


async def _record(work: Work, version: PolicyVersion, did: str, told: str = ".") -> None:
    await work.record(FactKind.POLICY_CHANGED, f"{did} {_called(version)}{told}", on=version)
