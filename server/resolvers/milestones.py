"""Changing milestones and attaching evidence."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from server.actions import dependencies
from server.actions import milestones as actions
from server.domain.milestones import MeasureType
from server.resolvers.cascade import shown_node
from server.resolvers.inputs import Changing, Retryable, optional, result
from server.schema import ids
from server.schema.cascade import Initiative, SalesPlan
from server.schema.context import Info
from server.schema.milestones import Milestone, milestone_of
from server.schema.refusals import Refusal, change, given, mutation

Day = date  # a field called `date` would hide its own type


@strawberry.input
class MilestoneFields:
    """What a milestone is made of."""

    critical: bool | None = optional("Whether the measure depends on it.")
    metric: str | None = optional("What is measured.")
    unit: str | None = optional("In which unit.")
    start: Decimal | None = optional("Where the metric stands.")
    target: Decimal | None = optional("What it shall reach; below the start, less is better.")
    assignee: strawberry.ID | None = optional("The person who is to achieve it.")

    def fields(self) -> dict[str, Any]:
        """What the caller wrote, under the names that the actions know."""
        return given(
            critical=self.critical,
            metric=self.metric,
            unit=self.unit,
            start=self.start,
            target=self.target,
            assignee=ids.expect_given("person", self.assignee, "assignee"),
        )


@strawberry.input(description="A new milestone of a measure.")
class AddMilestoneInput(MilestoneFields, Retryable):
    """See the description."""

    under: strawberry.ID = strawberry.field(description="The initiative or sales plan.")
    name: str = strawberry.field(description="Its name.")
    due: date = strawberry.field(description="When it is due.")
    measure_type: MeasureType = strawberry.field(description="Outcome, output or activity.")


@strawberry.input(description="What to change of a milestone: a field left out stays as it is, null clears it.")
class EditMilestoneInput(MilestoneFields, Changing):
    """See the description."""

    milestone: strawberry.ID = strawberry.field(description="The milestone.")
    name: str | None = optional("Its name.")
    due: date | None = optional("When it is due.")
    measure_type: MeasureType | None = optional("Outcome, output or activity.")


@strawberry.input
class DependencyInput(Changing):
    """A milestone that waits, and the one it waits for."""

    milestone: strawberry.ID = strawberry.field(description="The milestone that waits.")
    awaits: strawberry.ID = strawberry.field(
        description="The one it waits for, of its own measure or of any that the viewer sees."
    )


@strawberry.input(description="A milestone that shall wait for another one.")
class AddDependencyInput(DependencyInput):
    """See the description."""


@strawberry.input(description="A milestone that shall no longer wait for another one.")
class RemoveDependencyInput(DependencyInput):
    """See the description."""


@strawberry.input(description="A milestone to give up.")
class CancelMilestoneInput(Changing):
    """See the description."""

    milestone: strawberry.ID = strawberry.field(description="The milestone.")
    reason: str = strawberry.field(description="Why.")


@strawberry.input
class EvidenceFields:
    """What backs a claim."""

    source: str = strawberry.field(description="Where it comes from: a system, a document, a person outside.")
    date: Day = strawberry.field(description="Of which day it is; not in the future.")
    url: str | None = strawberry.field(default=None, description="Where the document is.")
    note: str | None = strawberry.field(default=None, description="What else there is to say.")
    file: strawberry.ID | None = strawberry.field(
        default=None, description="The document itself, which the viewer has uploaded to `/files` before."
    )


@strawberry.input(description="Where a milestone's metric stands.")
class RecordReadingInput(EvidenceFields, Changing):
    """See the description."""

    milestone: strawberry.ID = strawberry.field(description="The milestone.")
    reading: Decimal = strawberry.field(description="The figure that was read.")


@strawberry.input(
    description="The evidence that a milestone is achieved: a reading that reaches its target, or a document."
)
class AchieveMilestoneInput(EvidenceFields, Changing):
    """See the description."""

    milestone: strawberry.ID = strawberry.field(description="The milestone.")
    reading: Decimal | None = strawberry.field(default=None, description="The figure that was read.")


@strawberry.input(description="An achieved milestone to verify.")
class VerifyMilestoneInput(Changing):
    """See the description."""

    milestone: strawberry.ID = strawberry.field(description="The milestone.")
    comment: str | None = strawberry.field(default=None, description="What was looked at.")


@strawberry.input(description="Evidence for a measure itself, as closing it asks for.")
class AttachEvidenceInput(EvidenceFields, Retryable):
    """See the description."""

    measure: strawberry.ID = strawberry.field(description="The initiative or sales plan.")
    reading: Decimal | None = strawberry.field(default=None, description="The figure that was read.")


AddMilestoneResult = Annotated[Milestone | Refusal, result("AddMilestoneResult")]
EditMilestoneResult = Annotated[Milestone | Refusal, result("EditMilestoneResult")]
AddDependencyResult = Annotated[Milestone | Refusal, result("AddDependencyResult")]
RemoveDependencyResult = Annotated[Milestone | Refusal, result("RemoveDependencyResult")]
CancelMilestoneResult = Annotated[Milestone | Refusal, result("CancelMilestoneResult")]
RecordReadingResult = Annotated[Milestone | Refusal, result("RecordReadingResult")]
AchieveMilestoneResult = Annotated[Milestone | Refusal, result("AchieveMilestoneResult")]
VerifyMilestoneResult = Annotated[Milestone | Refusal, result("VerifyMilestoneResult")]
AttachEvidenceResult = Annotated[Initiative | SalesPlan | Refusal, result("AttachEvidenceResult")]


def _evidence(asked: EvidenceFields) -> dict[str, Any]:
    file = ids.expect_given("file", asked.file, "file")
    return {"source": asked.source, "on": asked.date, "url": asked.url, "note": asked.note, "file": file}


async def _on_milestone(info: Info, verb: Any, asked: Any, **named: Any) -> Milestone:
    milestone = ids.expect("milestone", asked.milestone, "milestone")
    named |= {"milestone": milestone, "expected_revision": asked.expected_revision}
    return await change(info, verb, milestone_of, asked.idempotency_key, **named)


@strawberry.type
class MilestoneMutation:
    """Changing milestones."""

    @mutation("Add a milestone to a measure.")
    async def add_milestone(self, info: Info, input: AddMilestoneInput) -> AddMilestoneResult:  # noqa: A002 — Relay's word
        """See the description."""
        under = ids.expect("node", input.under, "under")
        fields = input.fields() | {"name": input.name, "due": input.due, "measureType": input.measure_type}
        add = actions.add_milestone
        return await change(info, add, milestone_of, input.idempotency_key, under=under, fields=fields)

    @mutation("Change fields of a milestone.")
    async def edit_milestone(self, info: Info, input: EditMilestoneInput) -> EditMilestoneResult:  # noqa: A002 — Relay's word
        """See the description."""
        fields = input.fields() | given(name=input.name, due=input.due, measureType=input.measure_type)
        return await _on_milestone(info, actions.edit_milestone, input, fields=fields)

    @mutation("Let a milestone wait for another one; never in a circle.")
    async def add_dependency(self, info: Info, input: AddDependencyInput) -> AddDependencyResult:  # noqa: A002 — Relay's word
        """See the description."""
        awaits = ids.expect("milestone", input.awaits, "awaits")
        return await _on_milestone(info, dependencies.add_dependency, input, awaits=awaits)

    @mutation("Let a milestone no longer wait for another one.")
    async def remove_dependency(self, info: Info, input: RemoveDependencyInput) -> RemoveDependencyResult:  # noqa: A002 — Relay's word
        """See the description."""
        awaits = ids.expect("milestone", input.awaits, "awaits")
        return await _on_milestone(info, dependencies.remove_dependency, input, awaits=awaits)

    @mutation("Give a milestone up.")
    async def cancel_milestone(self, info: Info, input: CancelMilestoneInput) -> CancelMilestoneResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _on_milestone(info, actions.cancel_milestone, input, reason=input.reason)

    @mutation("Record where a milestone's metric stands; this achieves nothing yet.")
    async def record_reading(self, info: Info, input: RecordReadingInput) -> RecordReadingResult:  # noqa: A002 — Relay's word
        """See the description."""
        evidence = _evidence(input)
        return await _on_milestone(info, actions.record_reading, input, reading=input.reading, **evidence)

    @mutation("Achieve a milestone with evidence.")
    async def achieve_milestone(self, info: Info, input: AchieveMilestoneInput) -> AchieveMilestoneResult:  # noqa: A002 — Relay's word
        """See the description."""
        evidence = _evidence(input)
        return await _on_milestone(info, actions.achieve_milestone, input, reading=input.reading, **evidence)

    @mutation("Verify an achieved milestone; never who reported it.")
    async def verify_milestone(self, info: Info, input: VerifyMilestoneInput) -> VerifyMilestoneResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _on_milestone(info, actions.verify_milestone, input, comment=input.comment)

    @mutation("Attach evidence to a measure itself.")
    async def attach_evidence(self, info: Info, input: AttachEvidenceInput) -> AttachEvidenceResult:  # noqa: A002 — Relay's word
        """See the description."""
        measure = ids.expect("node", input.measure, "measure")
        named = _evidence(input) | {"measure": measure, "reading": input.reading}
        return await change(info, actions.attach_evidence, shown_node, input.idempotency_key, **named)
