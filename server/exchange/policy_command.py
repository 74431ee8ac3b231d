"""`stageline policy`: a file is checked without a server, drafted in an organization, and exported from one."""

from datetime import datetime
from pathlib import Path

from server.actions.policies import edit_policy_draft
from server.domain.refusals import RefusalCode, Refused
from server.domain.wording import listed
from server.exchange.command import person, text_of
from server.exchange.policy_reading import document_of, read_policy
from server.exchange.policy_writing import write_policy
from server.live.proof import organizations
from server.live.work import perform
from server.models.database import reading
from server.models.policies import policy_in_force


def check(file: Path) -> tuple[str, ...]:
    """Every fault of a policy's file, each with its line and path; none for a sound one.

    Raises `Refused` where it is no YAML, OSError where it cannot be read.
    """
    return tuple(str(fault) for fault in read_policy(text_of(file)).faults)


async def export(named: str | None) -> str:
    """The YAML of the policy in force in one organization.

    Raises `Refused` where no organization is meant, or more than one, and where none is in force.
    """
    found = await organizations(named)
    if len(found) != 1:
        every = listed([f"“{name}” ({organization})" for organization, name in found]) if found else "none"
        message = f"An export holds one organization's policy; here: {every}. Name it with --organization."
        raise Refused(RefusalCode.INVALID, message)
    [(organization, name)] = found
    policy = await policy_in_force(reading(), organization)
    if not policy.locked:
        message = f"“{name}” has no policy in force yet: a portfolio lead proposes its draft, an executive ratifies it."
        raise Refused(RefusalCode.POLICY_NOT_LOCKED, message)
    return write_policy(policy)


async def draft(file: Path, email: str, at: datetime) -> str:
    """Make a file the draft of the organization in which somebody signs in as `email`, with their rights.

    Raises `Refused` with every fault that keeps it from being read; what the law says of it is told when it is
    proposed. OSError where the file cannot be read.
    """
    document = document_of(text_of(file))
    viewer = await person(email, at)
    await perform(viewer, edit_policy_draft, at, document=document)
    left = check(file)
    mend = f" Before it is proposed, mend: {' '.join(left)}" if left else " Propose it on the page of the policy."
    return f"“{document['name']}” is the draft now.{mend}"
