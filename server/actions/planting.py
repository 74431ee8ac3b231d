"""Making nodes by the thousand: by the same law as `create_node`, each with its own fact, stored in few statements."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.actions.cascade import CREATE_ACTS, check_room, new_node, record_created
from server.actions.standing import require
from server.domain.cascade import Level, check_parent
from server.domain.refusals import invalid
from server.live.work import Work
from server.models import bulk
from server.models.cascade import Branch, ExternalId, Node
from server.models.database import rows

_LONGEST_SYSTEM, _LONGEST_ID = 80, 200


class Planting:
    """A whole branch while it is made: parents first, then `store`, once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._asked: set[tuple[str, UUID | None]] = set()
        self._lines: dict[UUID, dict[UUID, int]] = {}  # node → each node above it, and itself → how far above
        self._nodes: list[Node] = []
        self._branches: list[Branch] = []
        self._external_ids: list[ExternalId] = []

    async def node(self, level: Level, above: Node | None, fields: Mapping[str, Any]) -> Node:
        """Make a node under another one, which stands or was made here before. Refused as `create_node` would."""
        work = self.work
        check_parent(level, Level(above.level) if above else None)
        asked = CREATE_ACTS[level], above.id if above else None
        if asked not in self._asked:
            await require(work, asked[0], above)
            await check_room(work, level, above)
            self._asked.add(asked)
        node = await new_node(work, level, asked[1], fields)
        work.stage(node)
        joined = {ancestor: depth + 1 for ancestor, depth in (await self._line(above) if above else {}).items()}
        self._lines[node.id] = {node.id: 0, **joined}
        work.learn({node.id: frozenset(self._lines[node.id])})
        dated = {"descendant_id": node.id, "since": work.next_revision}
        self._branches += [Branch(ancestor_id=one, depth=depth, **dated) for one, depth in self._lines[node.id].items()]
        for system, external in fields.get("externalIds") or ():
            self._label(node, system.strip(), external.strip())
        await record_created(work, node, above)
        self._nodes.append(node)
        return node

    async def store(self) -> None:
        """Store all of it. Refuses an external id that stands for another node."""
        await self._check_external_ids()
        for made in (self._nodes, self._branches, self._external_ids):
            await bulk.store(self.work.db, made)

    async def _line(self, above: Node) -> dict[UUID, int]:
        if above.id not in self._lines:
            sql = "SELECT ancestor_id, depth FROM branch WHERE descendant_id = :node"
            found = await rows(self.work.db, sql, node=above.id)
            self._lines[above.id] = {row["ancestor_id"]: row["depth"] for row in found}
        return self._lines[above.id]

    def _label(self, node: Node, system: str, external: str) -> None:
        if not (0 < len(system) <= _LONGEST_SYSTEM and 0 < len(external) <= _LONGEST_ID):
            message = f"“{node.name}”: an external id needs a system (at most 80 characters) and an id (at most 200)."
            raise invalid(message, "externalIds")
        row = ExternalId(
            organization_id=self.work.organization.id, node_id=node.id, system=system, external_id=external
        )
        self.work.stage(row)
        self._external_ids.append(row)

    async def _check_external_ids(self) -> None:
        by_system: dict[str, list[str]] = {}
        for row in self._external_ids:
            by_system.setdefault(row.system, []).append(row.external_id)
        sql = """SELECT external_id AS known FROM external_id
                 WHERE organization_id = :organization AND system = :system AND external_id IN :ids"""
        for system, ids in by_system.items():
            taken = await rows(self.work.db, sql, organization=self.work.organization.id, system=system, ids=ids)
            twice = [row["known"] for row in taken] or [one for one, times in Counter(ids).items() if times > 1]
            if twice:
                raise invalid(f"{system} id “{twice[0]}” already stands for another node; it belongs to one.", "files")
