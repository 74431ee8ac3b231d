"""Accounts of what happens (`activity`), as cohorts ask for them."""

from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from graphql import ExecutionResult, VariableNode, Visitor, visit

from server.api.documents import Operation
from server.api.shared import Shared, ending
from server.domain.facts import FactKind
from server.domain.people import Viewer
from server.live.pulse import Page
from server.live.questions import Account
from server.resolvers.ledger import begun, told
from server.schema import ids


class AccountQuestion(Shared):
    """An account of what happens."""

    @cached_property
    def key(self) -> tuple[str, str | None, bytes]:
        """What it asks. From where on is each listener's own affair."""
        resumes = next((each.value for each in self.node.arguments or () if each.name.value == "after"), None)
        name = resumes.name.value if isinstance(resumes, VariableNode) else None
        if name and _uses(self.operation, name) > 1:
            name = None
        return self.key_with({each: value for each, value in self.variables.items() if each != name})

    @cached_property
    def branch(self) -> UUID | None:
        """The node below which it tells what happens."""
        known = ids.read(self.arguments.get("under") or "")
        return known[1] if known and known[0] == "node" else None

    @cached_property
    def _kinds(self) -> list[FactKind] | None:
        kinds = self.arguments.get("kinds")
        return None if kinds is None else [FactKind(getattr(kind, "value", kind)) for kind in kinds]

    async def begin(self, viewer: Viewer, newest: int) -> tuple[int, list[bytes]]:
        """Where it goes on for a viewer, and a RESET before where what they ask for is not replayed to them."""
        context = self.context(viewer)
        try:
            revision, reset = await begun(context, self.arguments.get("under"), self.arguments.get("after"), newest)
        except Exception as error:
            raise ending(error) from error
        if reset is None:
            return revision, []
        return revision, [self._payload(result) for result in await self.execute([reset], context)]

    async def tell(self, viewer: Viewer, page: Page) -> Account:
        """What these facts come to."""
        context = self.context(viewer)
        try:
            facts = await told(context, page, self.arguments.get("under"), self._kinds)
        except Exception as error:
            raise ending(error) from error
        results = await self.execute(facts, context) if facts else []
        told_of = [(int(fact.revision), self._payload(result)) for fact, result in zip(facts, results, strict=True)]
        return Account(told_of, context.personal)

    def _payload(self, result: ExecutionResult) -> bytes:
        errors = {"errors": self.shown(result.errors)} if result.errors else {}
        return orjson.dumps({**errors, "data": result.data})


def _uses(operation: Operation, variable: str) -> int:
    """How often a variable stands in a document, its declaration apart."""

    class Counting(Visitor):
        found = 0

        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            self.found += node.name.value == variable

    counting = Counting()
    visit(operation.document, counting)
    return counting.found - 1
