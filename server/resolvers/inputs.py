"""What many mutations' inputs share, said once."""

from typing import Any

import strawberry

from server.schema.scalars import Revision

UNSET: Any = strawberry.UNSET


def optional(description: str) -> Any:
    """A field that may be left out, which leaves things as they are; null clears."""
    return strawberry.field(default=UNSET, description=description)


def result(name: str) -> Any:
    """A mutation's result union: what was changed, or the refusal."""
    return strawberry.union(name, description="What was changed, or why it was refused.")


@strawberry.input
class Retryable:
    """Every mutation can be retried safely."""

    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Your own id of this change: a retry with it within 24 hours returns the first answer.",
    )


@strawberry.input
class Changing(Retryable):
    """What changes an existing thing can be told which state it was made in sight of."""

    expected_revision: Revision | None = strawberry.field(
        default=None,
        description="The thing's revision as you saw it; if it has moved on, the change is refused as STALE.",
    )
