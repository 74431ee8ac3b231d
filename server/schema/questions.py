"""Questions on a submission and their answers, as spoken (law §2)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from server.domain.questions import may_answer
from server.models.database import rows
from server.models.submissions import submitted
from server.schema import ids
from server.schema.acts import Permission, permissions
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.node import Node, find, resolves
from server.schema.people import Person, person_of
from server.schema.scalars import Revision


@strawberry.type(description="What a decider wants to know about a submission; it and its answer stay in the record.")
class Question(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    text: str = strawberry.field(description="The question.")
    asked_at: datetime = strawberry.field(description="When it was asked.")
    answer: str | None = strawberry.field(description="The answer; null while there is none.")
    answered_at: datetime | None = strawberry.field(description="When it was answered.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Question":
        """A question from its row."""
        same = ("revision", "text", "asked_at", "answered_at")
        told = {name: row[name] for name in same}
        return cls(id=ids.issue("question", row["id"]), answer=row["reply"], row=row, **told)

    @edge("Who asked: one of those who decide.")
    async def asked_by(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.row["asked_by_id"])

    @edge("Who answered.")
    async def answered_by(self, info: Info) -> Person | None:
        """See the description."""
        answerer = self.row["answered_by_id"]
        return await person_of(info.context, answerer) if answerer else None

    @edge("What it is about: a Submission or a ChangeRequest.")
    async def on(self, info: Info) -> Node | None:
        """See the description."""
        return await find(info.context, ids.issue("submission", self.row["submission_id"]))

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        from server.schema.submissions import measure_row, submission_row  # noqa: PLC0415 — the back edge

        context, person = info.context, info.context.viewer.person_id
        found = await submission_row(context, self.row["submission_id"])
        measure = await measure_row(context, found["node_id"]) if found else None
        if found is None or measure is None:
            return []
        (answering,) = await permissions(info, measure, ("answerQuestion",))
        asked = submitted(found)
        if asked.submitter.id == person:
            answering.allowed, answering.why = True, None
        if answering.allowed:
            verdict = may_answer(person, self.row["asked_by_id"], asked, answered=self.answered_at is not None)
            answering.allowed, answering.why = verdict is True, None if verdict is True else verdict.message
        return [answering]


async def questions_of(context: Context, submission_id: UUID) -> list[Question]:
    """The questions on a submission, in the order they were asked."""
    return [Question.of(row) for row in await context.one(_by_submission, submission_id) or ()]


async def question_of(info: Info, question_id: UUID) -> Question:
    """A question that was just asked or answered."""
    row = await info.context.one(_questions, question_id)
    if row is None:
        raise LookupError(f"no question {question_id} in this organization")
    return Question.of(row)


async def _by_submission(context: Context, submission_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    sql = "SELECT * FROM question WHERE submission_id IN :ids ORDER BY id"
    for row in await rows(context.db, sql, ids=submission_ids):
        found.setdefault(row["submission_id"], []).append(row)
    return found


async def _questions(context: Context, question_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    sql = "SELECT * FROM question WHERE organization_id = :organization AND id IN :ids"
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=question_ids)
    return {row["id"]: row for row in found}


@resolves("question")
async def _question(context: Context, question_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(_questions, question_id)
    seen = await find(context, ids.issue("submission", row["submission_id"])) if row else None
    return Question.of(row) if row and seen else None
