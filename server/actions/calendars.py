"""Calendar feeds: whoever signs in makes a secret address for their own calendar, and ends it again.

A calendar program sends no headers, so the secret stands in the address. It opens the feed and nothing else: its
scope is one that the API does not take for a sign-in. Made before and shown once: only its hash arrives here.
"""

from datetime import timedelta
from uuid import UUID

from server.actions.credentials import CALENDAR, TOKEN
from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.people import Credential, Person

LASTS = timedelta(days=366)
MOST = 10
"""Feeds of one person that are open at the same time."""


async def create_calendar_feed(work: Work, *, label: str, token_hash: str) -> UUID:
    """Make a feed of the viewer's own; it ends by itself after a year.

    Raises FORBIDDEN for a machine, and without a seat.
    """
    await require(work, "createCalendarFeed", None)
    viewer = work.viewer
    if viewer.scopes is not None:
        raise Refused(RefusalCode.FORBIDDEN, "A machine has no calendar. Sign in as the person whose calendar it is.")
    if not viewer.seats:
        message = "You hold no seat, so there is nothing that a calendar could show. An admin grants one."
        raise Refused(RefusalCode.FORBIDDEN, message)
    faults = Faults()
    called = cleaned(label, "label", faults, required=True)
    if sum(feed.ended_at is None and feed.expires_at > work.at for feed in await _feeds(work)) >= MOST:
        faults.add(f"You have {MOST} calendar feeds, which is the limit. Revoke one that is not used.", "label")
    faults.refuse_if_any()
    feed = Credential(
        organization_id=work.organization.id,
        person_id=viewer.person_id,
        kind=TOKEN,
        hash=token_hash,
        label=called,
        scopes=[CALENDAR],
        created_at=work.at,
        expires_at=work.at + LASTS,
    )
    await feed.save(using_db=work.db, force_create=True)
    person = await Person.get(id=viewer.person_id, using_db=work.db)
    await work.record(FactKind.PERSON_CHANGED, f"made the calendar feed “{called}”.", on=person)
    return feed.id


async def revoke_calendar_feed(work: Work, *, feed: UUID) -> UUID:
    """End a feed of the viewer's own at once. Raises NOT_FOUND for another person's."""
    await require(work, "revokeCalendarFeed", None)
    found = next((one for one in await _feeds(work) if one.id == feed), None)
    if found is None:
        raise not_found("feed")
    if found.ended_at is not None:
        raise Refused(RefusalCode.ALREADY_DECIDED, f"The feed “{found.label}” was revoked already.", ["feed"])
    found.ended_at = work.at
    await found.save(using_db=work.db, update_fields=["ended_at"])
    person = await Person.get(id=work.viewer.person_id, using_db=work.db)
    await work.record(FactKind.PERSON_CHANGED, f"revoked the calendar feed “{found.label}”.", on=person)
    return found.id


async def _feeds(work: Work) -> list[Credential]:
    """Every feed that the viewer ever made."""
    tokens = await Credential.filter(person_id=work.viewer.person_id, kind=TOKEN).using_db(work.db)
    return [token for token in tokens if CALENDAR in (token.scopes or ())]
