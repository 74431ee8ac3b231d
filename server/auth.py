"""Who calls: a session's cookie, a bearer token, or what a socket was greeted with → the viewer."""

import asyncio
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.actions.credentials import CALENDAR, SESSION, digest
from server.domain.people import Viewer
from server.models.database import reading, rows
from server.models.viewers import seat_of

LONGEST_SECRET = 200
PATIENCE_SECONDS = 0.5
"""A statement that takes longer is not waited for by who calls then: its connection may hang."""
Row = dict[str, Any]
SOON = timedelta(days=1)
"""Credentials that last longer are not looked at one by one; SQLite compares instants as text, so a zone may be off."""


def bearer_of(authorization: object) -> str | None:
    """The token in an `Authorization` header, or in a socket's `{"authorization": "Bearer …"}`."""
    if not isinstance(authorization, str):
        return None
    scheme, _, token = authorization.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def bearer_in(params: Mapping[str, Any]) -> str | None:
    """The token in a socket's greeting, under any spelling of `authorization`."""
    return next((bearer_of(value) for name, value in params.items() if name.lower() == "authorization"), None)


@dataclass(frozen=True, slots=True)
class Recognized:
    """Who calls, and the newest revision of their organization when they did."""

    viewer: Viewer
    revision: int


class Recognition:
    """Recognizes callers: all who call while a statement is under way by the next one.

    Nothing about a caller is remembered between requests, so whatever ended or changed holds for the next one, in every
    process; and an answer that is kept for the revision told here is as new as one that would be made.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[list[Row]]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._asked_at = 0.0

    async def recognized(self, *, cookie: str | None, bearer: str | None, at: datetime) -> Recognized | None:
        """The viewer, with the seats that hold today in their organization's time zone; None for strangers.

        A token goes before a cookie, and a token that is wrong is not saved by a cookie that is right.
        """
        found = _held(await self._credential(bearer or cookie or ""), at)
        if not found or _is_calendar(found[0]) or (not bearer and found[0]["kind"] != SESSION):
            return None
        return Recognized(_viewer(found, at), found[0]["revision"])

    async def _credential(self, secret: str) -> list[Row]:
        if not secret or len(secret) > LONGEST_SECRET:
            return []
        hashed = digest(secret)
        waiting = self._waiting.get(hashed)
        if waiting is None:
            loop = asyncio.get_running_loop()
            waiting = self._waiting[hashed] = loop.create_future()
            if self._asking is None or loop.time() - self._asked_at > PATIENCE_SECONDS:
                self._asking, self._asked_at = asyncio.create_task(self._ask()), loop.time()
        return await asyncio.shield(waiting)

    async def _ask(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            self._asked_at = asyncio.get_running_loop().time()
            try:
                found = await _credentials(asked)
            except Exception as error:  # noqa: BLE001 - it is theirs who wait
                for waiting in asked.values():
                    waiting.set_exception(error)
                    waiting.exception()  # they may have gone
            else:
                for hashed, waiting in asked.items():
                    waiting.set_result(found.get(hashed, []))
        if self._asking is asyncio.current_task():
            self._asking = None


async def recognize(*, cookie: str | None = None, bearer: str | None = None, at: datetime) -> Viewer | None:
    """One viewer, see `Recognition`; None for strangers."""
    known = await Recognition().recognized(cookie=cookie, bearer=bearer, at=at)
    return known.viewer if known else None


async def calendar_reader(secret: str, at: datetime) -> Viewer | None:
    """The person whose calendar feed has this secret, which opens nothing else; None where none has."""
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    hashed = digest(secret)
    found = _held((await _credentials([hashed])).get(hashed, []), at)
    return _viewer(found, at) if found and _is_calendar(found[0]) else None


def _is_calendar(credential: Row) -> bool:
    return CALENDAR in (credential["scopes"] or ())


def _viewer(found: list[Row], at: datetime) -> Viewer:
    first = found[0]
    day = at.astimezone(ZoneInfo(first["time_zone"])).date()
    seats = (seat_of(row) for row in found if row["role"])
    return Viewer(
        first["person_id"],
        first["organization_id"],
        first["name"],
        tuple(seat for seat in seats if seat.holds_on(day)),
        None if first["scopes"] is None or _is_calendar(first) else frozenset(first["scopes"]),
        first["id"],
    )


def _held(found: list[Row], at: datetime) -> list[Row]:
    """Nothing of a credential that has expired."""
    return found if found and found[0]["expires_at"] > at else []


async def _credentials(hashes: Collection[str]) -> dict[str, list[Row]]:
    """What secrets stand for that were not ended, and whose they are: a row per seat. One statement."""
    sql = """SELECT c.hash, c.id, c.person_id, c.kind, c.scopes, c.expires_at, o.revision, o.time_zone,
                    p.organization_id, p.name, s.role, s.node_id, s.starts, s.ends, s.ratified_by_id, s.reads_money,
                    s.reads_ledger
             FROM credential c JOIN person p ON p.id = c.person_id JOIN organization o ON o.id = p.organization_id
             LEFT JOIN seat s ON s.person_id = p.id
             WHERE c.hash IN :hashes AND c.ended_at IS NULL"""
    found: dict[str, list[Row]] = {}
    for row in await rows(reading(), sql, hashes=list(hashes)):
        found.setdefault(row["hash"], []).append(row)
    return found


async def why_ended(credential_id: UUID | None, at: datetime) -> str | None:
    """None while a credential holds; `expired` or `ended` once it does not."""
    if credential_id is None:
        return "ended"
    return (await ended({credential_id}, at)).get(credential_id)


async def ended(credential_ids: Set[UUID], at: datetime) -> dict[UUID, str]:
    """Which credentials hold no longer: `expired` or `ended`. One statement that counts, while all of them last."""
    ids = list(credential_ids)
    lasting = "SELECT COUNT(*) AS n FROM credential WHERE id IN :ids AND ended_at IS NULL AND expires_at > :soon"
    if not ids or (await rows(reading(), lasting, ids=ids, soon=at + SOON))[0]["n"] == len(ids):
        return {}
    sql = "SELECT id, expires_at, ended_at FROM credential WHERE id IN :ids"
    found = {row["id"]: row for row in await rows(reading(), sql, ids=ids)}
    why = dict.fromkeys(credential_ids - found.keys(), "ended")
    for credential, row in found.items():
        if row["ended_at"] is not None or row["expires_at"] <= at:
            why[credential] = "expired" if row["ended_at"] is None else "ended"
    return why
