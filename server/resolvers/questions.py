"""Asking and answering questions on submissions."""

from typing import Annotated

import strawberry

from server.actions.questions import answer_question, ask_question
from server.resolvers.inputs import Changing, Retryable, result
from server.schema import ids
from server.schema.context import Info
from server.schema.questions import Question, question_of
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="A question by one of those who decide.")
class AskQuestionInput(Retryable):
    """See the description."""

    submission: strawberry.ID = strawberry.field(description="The open Submission or ChangeRequest.")
    text: str = strawberry.field(description="The question.")


@strawberry.input(description="The answer to a question; each has one.")
class AnswerQuestionInput(Changing):
    """See the description."""

    question: strawberry.ID = strawberry.field(description="The question.")
    text: str = strawberry.field(description="The answer.")


AskQuestionResult = Annotated[Question | Refusal, result("AskQuestionResult")]
AnswerQuestionResult = Annotated[Question | Refusal, result("AnswerQuestionResult")]


@strawberry.type
class QuestionMutation:
    """Questions and answers."""

    @mutation("Ask about a submission that one decides; the submitter or the owner answers.")
    async def ask_question(self, info: Info, input: AskQuestionInput) -> AskQuestionResult:  # noqa: A002 — Relay's word
        """See the description."""
        submission, key = ids.expect("submission", input.submission, "submission"), input.idempotency_key
        return await change(info, ask_question, question_of, key, submission=submission, text=input.text)

    @mutation("Answer a question on a submission, as who handed it in or owns the measure; never as who asked.")
    async def answer_question(self, info: Info, input: AnswerQuestionInput) -> AnswerQuestionResult:  # noqa: A002 — Relay's word
        """See the description."""
        question, key = ids.expect("question", input.question, "question"), input.idempotency_key
        expected = input.expected_revision
        return await change(
            info, answer_question, question_of, key, question=question, text=input.text, expected_revision=expected
        )
