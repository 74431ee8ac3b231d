"""Signing in and out, and machines' tokens. A credential is no fact of an organization; the ledger has none.

A secret is shown once and stored as its SHA-256: it is random, so nothing slower is needed against guessing.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from uuid import UUID

from server.actions.passwords import matches
from server.actions.throttle import Throttle
from server.domain.facts import FactKind
from server.domain.people import Viewer
from server.domain.refusals import RefusalCode, Refused
from server.live import farewell
from server.live.work import Work
from server.models.people import Credential, Person

SESSION, TOKEN = "SESSION", "TOKEN"
CALENDAR = "calendar"
"""The one scope of a calendar feed's secret: it opens the feed and nothing else, and nobody can ask for it."""
SESSION_LASTS = timedelta(days=14)
COOKIE = "stageline_session"
"""Where a browser keeps a session's secret."""
LONGEST_EMAIL = 254
_WINDOW = timedelta(minutes=15)
_by_email = Throttle(10, _WINDOW)
_by_address = Throttle(60, _WINDOW)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new credential, with the secret that is never seen again."""

    secret: str
    credential_id: UUID
    person_id: UUID
    expires_at: datetime


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_secret(kind: str) -> str:
    """A secret that says what it is, so that one found in a log can be told from a password."""
    return f"sl_{kind.lower()}_{secrets.token_urlsafe(32)}"


async def sign_in(email: str, password: str, *, address: str, at: datetime) -> Issued:
    """A session for who knows the password. One refusal for an unknown email and a wrong password, in the same time.

    Every attempt counts, whatever request or document it came in: ten per email and sixty per network address in a
    quarter of an hour; a success forgets the email's failures.
    """
    who = email.strip().lower().replace("\0", "")[:LONGEST_EMAIL]
    _count_attempt(who, address, at)
    person = await Person.filter(email=who).first()
    if not await matches(password, person.password_hash if person else None) or person is None:
        raise Refused(RefusalCode.FORBIDDEN, "This email address and password do not belong together. Check both.")
    _by_email.forget(who)
    return await _issue(person, SESSION, at, at + SESSION_LASTS)


async def issue_token(email: str, *, label: str, lasts: timedelta, at: datetime) -> Issued:
    """A bearer token that acts as a person, for scripts. Raises NOT_FOUND for an unknown email."""
    person = await Person.filter(email=email.strip().lower()).first()
    if person is None:
        raise Refused(RefusalCode.NOT_FOUND, f"There is no person with the email address {email}.", ["email"])
    return await _issue(person, TOKEN, at, at + lasts, label)


async def sign_out(person_id: UUID, credential_id: UUID | None, *, everywhere: bool, at: datetime) -> int:
    """End this session, or all sessions of the person; how many were ended. Tokens of machines are not touched."""
    open_ones = Credential.filter(person_id=person_id, kind=SESSION, ended_at=None, expires_at__gt=at)
    if not everywhere:
        open_ones = open_ones.filter(id=credential_id)
    ended = await open_ones.update(ended_at=at)
    farewell.say()
    return ended


async def confirm_password(viewer: Viewer, password: str, *, at: datetime) -> None:
    """Refuse unless this is the viewer's password; an attempt like any other."""
    person = await Person.get(id=viewer.person_id)
    who = person.email or str(person.id)
    _count_attempt(who, "", at)
    if not await matches(password, person.password_hash):
        raise Refused(RefusalCode.FORBIDDEN, "This is not your current password.", ["current"])
    _by_email.forget(who)


async def set_password(work: Work, *, password_hash: str) -> UUID:
    """Replace the viewer's password and end their other sessions. The hash stays out of the ledger."""
    viewer = work.viewer
    if viewer.scopes is not None:
        raise Refused(RefusalCode.FORBIDDEN, "A machine's token cannot change a password. Sign in as the person.")
    person = await Person.get(id=viewer.person_id, using_db=work.db)
    person.password_hash = password_hash
    await person.save(using_db=work.db, update_fields=["password_hash"])
    await work.touch(person)
    others = Credential.filter(person_id=person.id, kind=SESSION, ended_at=None).exclude(id=viewer.credential_id)
    await others.using_db(work.db).update(ended_at=work.at)
    await work.record(FactKind.PERSON_CHANGED, "set a new password.", on=person)
    return person.id


def _count_attempt(who: str, address: str, at: datetime) -> None:
    """Count before the outcome is known, or many at once would go uncounted."""
    for throttle, key, spoken in (
        (_by_email, who, "for this email address"),
        (_by_address, address, "from this network address"),
    ):
        wait = throttle.wait(key, at)
        if wait is not None:
            minutes = ceil(wait / timedelta(minutes=1))
            plural = "s" if minutes > 1 else ""
            raise Refused(
                RefusalCode.LIMITED, f"Too many attempts to sign in {spoken}. Try again in {minutes} minute{plural}."
            )
    _by_email.count(who, at)
    if address:
        _by_address.count(address, at)


async def _issue(person: Person, kind: str, at: datetime, expires_at: datetime, label: str = "") -> Issued:
    secret = new_secret(kind)
    made = Credential(
        organization_id=person.organization_id,
        person_id=person.id,
        kind=kind,
        hash=digest(secret),
        label=label,
        created_at=at,
        expires_at=expires_at,
    )
    await made.save(force_create=True)
    return Issued(secret, made.id, person.id, expires_at)
