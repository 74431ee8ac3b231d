"""Who calls: a session's cookie, a bearer token, or what a socket was greeted with → the viewer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from server.actions.credentials import CALENDAR, SESSION, digest
from server.domain.people import Viewer
from server.models.database import reading, rows
from server.models.viewers import viewer_of

LONGEST_SECRET = 200


def bearer_of(authorization: object) -> str | None:
    """The token in an `Authorization` header, or in a socket's `{"authorization": "Bearer …"}`."""
    if not isinstance(authorization, str):
        return None
    scheme, _, token = authorization.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def bearer_in(params: Mapping[str, Any]) -> str | None:
    """The token in a socket's greeting, under any spelling of `authorization`."""
    return next((bearer_of(value) for name, value in params.items() if name.lower() == "authorization"), None)


async def recognize(*, cookie: str | None = None, bearer: str | None = None, at: datetime) -> Viewer | None:
    """The viewer, with the seats that hold today in their organization's time zone; None for strangers.

    A token goes before a cookie, and a token that is wrong is not saved by a cookie that is right.
    """
    credential = await _credential(bearer or cookie or "", at)
    if credential is None or _is_calendar(credential) or (not bearer and credential["kind"] != SESSION):
        return None
    scopes = None if credential["scopes"] is None else frozenset(credential["scopes"])
    return await viewer_of(
        reading(),
        credential["person_id"],
        at,
        scopes=scopes,
        credential_id=credential["id"],
    )


async def calendar_reader(secret: str, at: datetime) -> Viewer | None:
    """The person whose calendar feed has this secret, which opens nothing else; None where none has."""
    credential = await _credential(secret, at)
    if credential is None or not _is_calendar(credential):
        return None
    return await viewer_of(reading(), credential["person_id"], at, credential_id=credential["id"])


def _is_calendar(credential: dict[str, Any]) -> bool:
    return CALENDAR in (credential["scopes"] or ())


async def _credential(secret: str, at: datetime) -> dict[str, Any] | None:
    """What a secret stands for, unless it was ended or has expired."""
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    sql = """SELECT c.id, c.person_id, c.kind, c.scopes, c.expires_at FROM credential c
             WHERE c.hash = :hash AND c.ended_at IS NULL"""
    found = await rows(reading(), sql, hash=digest(secret))
    return found[0] if found and found[0]["expires_at"] > at else None


async def why_ended(credential_id: UUID | None, at: datetime) -> str | None:
    """None while a credential holds; `expired` or `ended` once it does not."""
    sql = "SELECT expires_at, ended_at FROM credential WHERE id = :id"
    found = await rows(reading(), sql, id=credential_id) if credential_id else []
    if not found or found[0]["ended_at"] is not None:
        return "ended"
    return "expired" if found[0]["expires_at"] <= at else None
