"""Asking and answering questions on a submission: both are part of the record (law §2, `domain.questions`).

An unanswered question does not hold up a vote: it is shown, and the decider weighs it.
"""

from typing import Any
from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.questions import may_answer, may_ask
from server.domain.refusals import Faults, not_found
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.cascade import Node
from server.models.gates import Question, Submission
from server.models.submissions import submissions, submitted


async def ask_question(work: Work, *, submission: UUID, text: str) -> UUID:
    """Ask about an open submission, a change request or a reopening; answers the question's id."""
    node, found = await _find(work, submission, "submission")
    asked = submitted(found)
    verdict = may_ask(work.viewer.person_id, asked)
    if verdict is not True:
        raise verdict
    words = _words(text)
    question = Question(
        organization_id=work.organization.id,
        submission_id=submission,
        asked_by_id=work.viewer.person_id,
        asked_at=work.at,
        text=words,
    )
    await work.add(question)
    await work.touch(await Submission.get(id=submission, using_db=work.db))
    await work.record(FactKind.QUESTION_ASKED, f"asked about {asked.matter}: {words}", on=question, node_id=node.id)
    return question.id


async def answer_question(work: Work, *, question: UUID, text: str, expected_revision: int | None = None) -> UUID:
    """Answer a question, once: by who handed the submission in, or who could have; never by who asked."""
    row = await Question.filter(id=question, organization_id=work.organization.id).using_db(work.db).first()
    if row is None:
        raise not_found("question")
    node, found = await _find(work, row.submission_id, "question")
    asked = submitted(found)
    if asked.submitter.id != work.viewer.person_id:
        await require(work, "answerQuestion", node)
    work.fresh(row, expected_revision, "the question")
    verdict = may_answer(work.viewer.person_id, row.asked_by_id, asked, answered=row.answered_at is not None)
    if verdict is not True:
        raise verdict
    words = _words(text)
    await work.alter(row, answered_by_id=work.viewer.person_id, answered_at=work.at, reply=words)
    await work.touch(await Submission.get(id=row.submission_id, using_db=work.db))
    told = f"answered a question about {asked.matter}: {words}"
    await work.record(FactKind.QUESTION_ANSWERED, told, on=row, node_id=node.id)
    return row.id


def _words(text: str) -> str:
    faults = Faults()
    words = cleaned(text, "text", faults, required=True)
    faults.refuse_if_any()
    return words or ""


async def _find(work: Work, submission: UUID, field: str) -> tuple[Node, dict[str, Any]]:
    found = await submissions(work.db, work.organization.id, [submission], column="id", lent_on=work.today)
    if not found:
        raise not_found(field)
    return await work.node(found[0]["node_id"], field), found[0]
