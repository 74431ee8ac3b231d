"""The unit of work: lock the organization, change rows, record facts, commit, ring (architecture: decisions 1–3).

`perform` is the one way a verb of `actions/` runs. Whatever the verb raises, nothing of it stays.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from server.domain.cascade import Level
from server.domain.facts import FactKind
from server.domain.people import NOBODY, Viewer
from server.domain.refusals import RefusalCode, Refused, not_found
from server.live import changes, once
from server.live.bell import Bell
from server.live.chain import chained
from server.live.order import in_order
from server.models import bulk, database, keeping, ledger
from server.models.cascade import Node
from server.models.people import Organization
from server.models.row import Thing, Versioned, found, new_id
from server.models.scope import paths

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer", UUID, dict[str, Any])
_COUNTED_BY = {"stage", "standing"}  # what kept roll-ups tell measures apart by

_bells: list[Bell] = []


def ring_with(bell: Bell | None) -> None:
    """Set the bell that this process rings after each commit (None: nobody listens, as in a one-shot command)."""
    _bells[:] = [bell] if bell else []


class Work:
    """One transaction of one organization, in its order. Verbs change rows through it and record what happened."""

    def __init__(self, viewer: Viewer, organization: Organization, at: datetime, db: BaseDBAsyncClient) -> None:
        self.viewer = viewer
        self.organization = organization
        self.at = at
        self.db = db
        self._changes: list[changes.Change] = []
        self._facts: list[dict[str, Any]] = []
        self._paths: dict[UUID, frozenset[UUID]] = {}
        self._touched = keeping.Touched()

    @property
    def next_revision(self) -> int:
        """The revision that the next recorded fact takes."""
        return int(self.organization.revision) + 1

    @property
    def today(self) -> date:
        """The day it is in the organization's time zone."""
        return self.at.astimezone(ZoneInfo(self.organization.time_zone)).date()

    async def path(self, node_id: UUID) -> frozenset[UUID]:
        """The ids of a node and all that lies above it."""
        if node_id not in self._paths:
            self._paths |= await paths(self.db, [node_id])
        return self._paths.get(node_id, frozenset())

    def readable(self, refused: Refused) -> Refused:
        """A refusal as the viewer may read it: without amounts where those of a node it is about are not theirs."""
        told = all(self.viewer.reads_money_at(path) for path in self._paths.values())
        return refused if told else refused.without_amounts()

    async def node(self, node_id: UUID, field: str = "node") -> Node:
        """A node that the viewer sees. Raises the one NOT_FOUND for what is unknown, foreign or out of sight.

        `field` is the input field that holds the id.
        """
        node = await found(Node, self.db, id=node_id, organization_id=self.organization.id)
        if node is None or not self.viewer.roles_at(await self.path(node_id)):
            raise not_found(field)
        return node

    def fresh(self, thing: Thing, expected_revision: int | None, name: str) -> None:
        """Refuse a change that was made in sight of an older state."""
        if expected_revision is None or expected_revision == thing.revision:
            return
        raise Refused(
            RefusalCode.STALE,
            f"“{name}” has changed since you read it: you saw revision {expected_revision}, it is at {thing.revision}."
            " Read it again, then repeat your change.",
            ["expectedRevision"],
            [f"current revision: {thing.revision}"],
        )

    async def add(self, *made: Model) -> None:
        """Store new rows, all of one model, and note them for the next fact."""
        for row in made:
            self.stage(row)
        await bulk.store(self.db, made)

    async def add_rows(self, model: type[Thing], rows: Sequence[Mapping[str, Any]]) -> None:
        """Store many new rows of a model, given by their columns: as `add` does, without an object for each."""
        owned = {"organization_id": self.organization.id, "revision": self.next_revision}
        made = [{"id": new_id(), **owned, **row} for row in rows]
        self._changes += [changes.made(model, row) for row in made]
        await bulk.pour(
            self.db, model._meta.db_table, [*made[0]] if made else [], [tuple(row.values()) for row in made]
        )

    def stage(self, row: Model) -> None:
        """Stamp and note a new row for the next fact, as `add` does; the caller stores it, with many others at once."""
        self._stamp(row)
        self._note(row, None, changes.stored(row))
        self._stands(row)
        if row.pk in self._touched.stood:
            self._touched.planned.add(row.pk)

    def learn(self, known: Mapping[UUID, frozenset[UUID]]) -> None:
        """Take in the paths of many nodes: read all at once, or of nodes that are yet to be stored."""
        self._paths |= known

    async def alter(self, row: Model, **fields: Any) -> bool:
        """Change fields of a stored row and note each difference.

        False, and nothing written, where all is as it was.
        """
        before = changes.stored(row, fields)
        for name, value in fields.items():
            setattr(row, name, value)
        after = changes.stored(row, fields)
        changed = [name for name in fields if before[name] != after[name]]
        if not changed:
            return False
        for name in changed:
            self._note(row, before[name], after[name], name)
        await self._save(row, changed)
        if not _COUNTED_BY.isdisjoint(changed):
            self._stands(row)
        return True

    async def touch(self, thing: Thing) -> None:
        """Give a thing the next fact's revision because of something that belongs to it."""
        await self._save(thing, [])

    async def drop(self, row: Model) -> None:
        """Remove a row that was never decided upon (a quota line that is replaced, say), and note it."""
        self._note(row, changes.stored(row), None)
        await self._save(row, [])  # so that it stood until now
        await row.delete(using_db=self.db)

    async def drop_all(self, table: str, which: str, **values: Any) -> None:
        """Remove the rows of a table that are dated by `since`, in bulk; what was there stood until now.

        The caller notes what that changes.
        """
        dated = f"UPDATE {table} SET since = :since WHERE {which}"
        await database.change(self.db, dated, since=self.next_revision, **values)
        await database.change(self.db, f"DELETE FROM {table} WHERE {which}", **values)

    def note(self, **change: Any) -> None:
        """Note a change that was written in bulk, in the words of the ledger: thing, id, field, before, after."""
        self._changes.append(change)

    def revalued(self, *measures: UUID, plan: bool = True) -> None:
        """Remember measures whose months were written: what is kept above them follows when the work is finished.

        `plan`: whether those of their plan may be among them.
        """
        self._touched.valued.update(measures)
        if plan:
            self._touched.planned.update(measures)

    def turned(self, *measures: UUID | None) -> None:
        """Remember measures whose lights changed, or the quota below them; what is kept above them follows."""
        self._touched.turned.update(measure for measure in measures if measure is not None)

    def redefine(self) -> None:
        """Remember that the headline value adds other kinds: what is kept of it is written anew."""
        self._touched.redefined = True

    async def lift(self, node_id: UUID) -> None:
        """Before a node is cut from its branch: what is kept at it goes with it, and `settle` puts it down."""
        await keeping.lift(self.db, self.organization.id, node_id)

    async def settle(self, node_id: UUID) -> None:
        """After a move: what lay above a node has changed, and what is kept there follows."""
        self._paths.clear()
        await keeping.settle(self.db, node_id)

    def _stands(self, row: Model) -> None:
        if isinstance(row, Node) and row.stage is not None:
            self._touched.stood.add(row.id)
            if row.level == Level.SALES_PLAN:  # its quota counts at its initiative as long as it is not cancelled
                self.turned(row.parent_id)

    def _note(self, row: Model, before: Any, after: Any, field: str | None = None) -> None:
        change = {"thing": row._meta.db_table, "id": str(row.pk), "before": before, "after": after}
        if field:
            change["field"] = field
            if currency := changes.currency_of(field, row.__dict__):
                change["currency"] = currency
        self._changes.append(change)

    async def _save(self, row: Model, changed: Sequence[str]) -> None:
        await row.save(using_db=self.db, update_fields=[*changed, *self._stamp(row)])

    def _stamp(self, row: Model) -> Sequence[str]:
        """Let a row stand as it does from the next fact's revision on; the column that says so."""
        if isinstance(row, Thing):
            row.revision = self.next_revision
            return ["revision"]
        if isinstance(row, Versioned):
            row.since = self.next_revision
            return ["since"]
        return []

    async def record(
        self,
        kind: FactKind,
        sentence: str,
        *,
        on: Model,
        node_id: UUID | None = None,
        on_behalf_of: UUID | None = None,
    ) -> None:
        """Append one fact to the ledger with everything changed since the last one.

        `sentence` goes on after the actor's name, in the past tense: “submitted “Full-service contracts” …”. `on` is
        what it is about; `node_id` the node it belongs to, where `on` is not itself a node; `on_behalf_of` the person
        in whose place the actor acted.
        """
        entry: dict[str, Any] = {
            "revision": self.next_revision,
            "at": self.at.astimezone(UTC),
            "by_id": None if self.viewer.person_id == NOBODY else self.viewer.person_id,
            "on_behalf_of_id": on_behalf_of,
            "kind": kind.value,
            "sentence": f"{self.viewer.name} {sentence}",
            "thing": on._meta.db_table,
            "thing_id": on.pk,
            "node_id": on.pk if isinstance(on, Node) else node_id,
        }
        # The longest part becomes text once, to be hashed and to be stored.
        told, self._changes = orjson.dumps(self._changes, option=orjson.OPT_SORT_KEYS), []
        links = {"previous": self.organization.head}
        links["hash"] = chained(links["previous"], entry | {"changes": orjson.Fragment(told)})
        owned = {"id": new_id(), "organization_id": self.organization.id}
        self._facts.append({**owned, **entry, "changes": told.decode(), **links})
        self.organization.revision, self.organization.head = entry["revision"], links["hash"]

    async def finish(self) -> None:
        """Write what was recorded. Every change belongs to a fact: one without is a bug."""
        if self._changes:
            raise AssertionError(f"changed without a fact: {self._changes[:3]}")
        if not self._facts:
            return
        await keeping.follow(self.db, self.organization, self._touched)
        await ledger.append(self.db, self._facts)
        grown = "UPDATE organization SET revision = :revision, head = :head WHERE id = :id"
        it = self.organization
        await database.change(self.db, grown, id=it.id, revision=it.revision, head=it.head)


async def _organization(organization_id: UUID, db: BaseDBAsyncClient) -> Organization:
    organization = await found(Organization, db, id=organization_id)
    if organization is None:
        raise LookupError(f"no organization {organization_id}, and none is ever removed")
    return organization


async def perform(
    viewer: Viewer,
    verb: Callable[Concatenate[Work, Arguments], Awaitable[Answer]],
    at: datetime,
    key: str | None = None,
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Answer:
    """Run one verb in its organization's order, once per idempotency key, and ring after the commit.

    Raises what the verb refuses; `KEY_REUSED` where the key came with other content; `UNAVAILABLE` where the database
    is gone.
    """
    fingerprint = once.fingerprint(verb.__name__, named, but=changes.NEVER_KEPT) if key else ""
    try:
        async with in_order(viewer.organization_id) as db:
            organization = await _organization(viewer.organization_id, db)
            work = Work(viewer, organization, at, db)
            asker = once.Asker(organization.id, viewer.person_id, key or "", fingerprint, at)
            known = await once.answered(db, asker) if key else None
            if known is not None:
                return known  # type: ignore[return-value]  # what this very verb answered before
            before = organization.revision
            try:
                answer = await verb(work, *arguments, **named)
            except Refused as refused:
                raise work.readable(refused) from None
            if key:
                await once.keep(db, asker, answer)
            await work.finish()
    except Exception as error:
        if not isinstance(error, Refused) and database.is_unavailable(error):
            raise Refused(
                RefusalCode.UNAVAILABLE,
                # A commit whose answer was lost did happen, so this cannot promise that nothing did.
                "The database cannot be written right now. Try again shortly, with the same idempotencyKey: then it "
                "happens once, whatever became of this try.",
            ) from error
        raise
    # Only here, after the transaction's context has exited: Tortoise has no on-commit hook.
    if organization.revision > before:
        for bell in _bells:
            await bell.ring(organization.id, organization.revision)
    return answer
