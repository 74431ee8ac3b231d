"""The policy on its way: drafted and proposed by a portfolio lead, ratified by an executive (law §3).

There is at most one draft, and one version in force. What was submitted before keeps the version it was made under.
"""

from typing import Any
from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.policy import DEFAULT, Policy, PolicyState
from server.domain.policy_differences import differences
from server.domain.policy_faults import faults
from server.domain.policy_fit import faults_here
from server.domain.policy_form import plain, policy_of
from server.domain.policy_way import Version, followed_by, why_not
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.cases import seated
from server.models.policies import PolicyVersion, policy_in_force

_DRAFT, _PROPOSED, _IN_FORCE, _RETIRED = PolicyState


async def edit_policy_draft(
    work: Work,
    *,
    document: dict[str, Any] | None = None,
    based_on: UUID | None = None,
    expected_revision: int | None = None,
) -> UUID:
    """Replace the draft by a whole policy, or begin one where there is none.

    The policy is `document` (as `domain.policy_form` has it), else a copy of the version `based_on`, else of the one in
    force. Amounts without a currency are in the reporting currency. A draft may have faults: proposing finds them.
    Raises WRONG_STAGE while a version is proposed.
    """
    await require(work, "editPolicyDraft", None)
    if document is None:
        document = await _copied(work, based_on)
    written = document | {"currency": document["currency"] or work.organization.reporting_currency}
    states = [_DRAFT.value, _PROPOSED.value]
    found = PolicyVersion.filter(organization_id=work.organization.id, state__in=states).using_db(work.db)
    draft = await found.first()
    if draft is None:
        return await begin_draft(work, written)
    work.fresh(draft, expected_revision, version_of(draft).called)
    if refused := why_not("editPolicyDraft", version_of(draft), work.viewer.person_id):
        raise refused
    told = followed_by(differences(_policy(draft), policy_of(written, draft.version, locked=False)))
    if await work.alter(draft, document=written):
        await work.alter(draft, drafted_by_id=work.viewer.person_id, drafted_at=work.at)
        await _record(work, draft, "rewrote the draft of", told)
    return draft.id


async def begin_draft(work: Work, document: dict[str, Any] | None = None) -> UUID:
    """Begin the next version as a draft: of a document, else of the standard policy."""
    if document is None:
        document = plain(DEFAULT) | {"currency": work.organization.reporting_currency}
    latest = PolicyVersion.filter(organization_id=work.organization.id).using_db(work.db).order_by("-version")
    before = await latest.first()
    draft = PolicyVersion(
        organization_id=work.organization.id,
        version=before.version + 1 if before else 1,
        state=_DRAFT.value,
        document=document,
        drafted_by_id=work.viewer.person_id,
        drafted_at=work.at,
    )
    await work.add(draft)
    await _record(work, draft, "drafted", await _against_force(work, draft))
    return draft.id


async def discard_policy_draft(work: Work, *, policy: UUID, expected_revision: int | None = None) -> UUID:
    """Throw the draft away; the ledger keeps what it said."""
    draft = await _about(work, "discardPolicyDraft", policy, expected_revision)
    await work.drop(draft)
    await _record(work, draft, "discarded the draft of")
    return draft.id


async def propose_policy(work: Work, *, policy: UUID, expected_revision: int | None = None) -> UUID:
    """Hand the draft to the executives. From here on it does not change until they ratify or decline it.

    Raises INVALID with every fault it has, by itself and in this organization.
    """
    draft = await _about(work, "proposePolicy", policy, expected_revision)
    law, currency = _policy(draft), work.organization.reporting_currency
    holders = await seated(work.db, work.organization.id, work.today)
    told = [str(fault) for fault in (*faults(law), *faults_here(law, currency, holders))]
    if told:
        count = "1 fault" if len(told) == 1 else f"{len(told)} faults"
        message = f"{version_of(draft).opening} has {count}; mend what the details say, then propose it."
        raise Refused(RefusalCode.INVALID, message, ["policy"], told)
    await work.alter(draft, state=_PROPOSED.value, proposed_by_id=work.viewer.person_id, proposed_at=work.at)
    await _record(work, draft, "proposed", await _against_force(work, draft))
    return draft.id


async def withdraw_policy(work: Work, *, policy: UUID, expected_revision: int | None = None) -> UUID:
    """Take a proposed version back, so that it can be edited again."""
    proposed = await _about(work, "withdrawPolicy", policy, expected_revision)
    await _send_back(work, proposed)
    await _record(work, proposed, "withdrew")
    return proposed.id


async def decline_policy(
    work: Work, *, policy: UUID, comment: str | None = None, expected_revision: int | None = None
) -> UUID:
    """Send a proposed version back to its draft, with a comment that says why."""
    proposed = await _about(work, "declinePolicy", policy, expected_revision)
    faulty = Faults()
    why = cleaned(comment, "comment", faulty, required=True)
    faulty.refuse_if_any()
    await _send_back(work, proposed)
    await _record(work, proposed, "declined", f": {why}")
    return proposed.id


async def ratify_policy(work: Work, *, policy: UUID, expected_revision: int | None = None) -> UUID:
    """Put the proposed version in force, in place of the one before: an executive does, who did not write it."""
    proposed = await _about(work, "ratifyPolicy", policy, expected_revision)
    told = await _against_force(work, proposed)
    if {*(await policy_in_force(work.db, work.organization.id)).headline_kinds} != {*_policy(proposed).headline_kinds}:
        work.redefine()
    in_force = PolicyVersion.filter(organization_id=work.organization.id, state=_IN_FORCE.value)
    before = await in_force.using_db(work.db).first()
    if before is not None:
        await work.alter(before, state=_RETIRED.value)
    await work.alter(proposed, state=_IN_FORCE.value, ratified_by_id=work.viewer.person_id, ratified_at=work.at)
    await _record(work, proposed, "ratified", told)
    return proposed.id


def version_of(row: PolicyVersion) -> Version:
    """A stored version as the law of its way sees it."""
    state, name = PolicyState(row.state), str(row.document["name"])
    return Version(row.version, name, state, row.drafted_by_id, row.proposed_by_id)


async def _about(work: Work, act: str, policy: UUID, expected_revision: int | None) -> PolicyVersion:
    """The version that an act is about, once the viewer may do it and it stands as the act needs it."""
    found = await PolicyVersion.filter(id=policy, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found("policy")
    await require(work, act, None)
    work.fresh(found, expected_revision, version_of(found).called)
    if refused := why_not(act, version_of(found), work.viewer.person_id):
        raise refused
    return found


async def _copied(work: Work, version_id: UUID | None) -> dict[str, Any]:
    if version_id is None:
        return plain(await policy_in_force(work.db, work.organization.id))
    found = await PolicyVersion.filter(id=version_id, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found("basedOn")
    document: dict[str, Any] = found.document
    return document


async def _send_back(work: Work, version: PolicyVersion) -> None:
    await work.alter(version, state=_DRAFT.value, proposed_by_id=None, proposed_at=None)


async def _against_force(work: Work, version: PolicyVersion) -> str:
    """How a fact goes on: what changes by this version; nothing before the first lock."""
    in_force = await policy_in_force(work.db, work.organization.id)
    return followed_by(differences(in_force, _policy(version)) if in_force.locked else ())


def _policy(version: PolicyVersion) -> Policy:
    return policy_of(version.document, version.version, locked=False)


async def _record(work: Work, version: PolicyVersion, did: str, told: str = ".") -> None:
    await work.record(FactKind.POLICY_CHANGED, f"{did} {version_of(version).called}{told}", on=version)
