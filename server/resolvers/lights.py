"""Setting lights."""

from typing import Annotated, Any

import strawberry

from server.actions.lights import set_light
from server.domain.lights import Light, LightKind
from server.resolvers.cascade import shown_node
from server.resolvers.inputs import Changing, result
from server.schema import ids
from server.schema.cascade import Initiative, SalesPlan
from server.schema.context import Info
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="A light of a measure to set, or to take back.")
class SetLightInput(Changing):
    """See the description."""

    measure: strawberry.ID = strawberry.field(description="The initiative or sales plan.")
    light: LightKind = strawberry.field(description="Which of its two lights.")
    colour: Light | None = strawberry.field(
        default=None, description="Green, amber or red; left out: what was set is taken back, and the light is grey."
    )
    reason: str | None = strawberry.field(
        default=None, description="Why; without it no light is set better than proposed."
    )


SetLightResult = Annotated[Initiative | SalesPlan | Refusal, result("SetLightResult")]


@strawberry.type
class LightMutation:
    """Setting lights."""

    @mutation("Set a light of a measure: worse than proposed freely, better only with a reason, which is counted.")
    async def set_light(self, info: Info, input: SetLightInput) -> SetLightResult:  # noqa: A002 — Relay's word
        """See the description."""
        measure = ids.expect("node", input.measure, "measure")
        named: dict[str, Any] = {"light": input.light, "colour": input.colour, "reason": input.reason}
        named |= {"expected_revision": input.expected_revision}
        return await change(info, set_light, shown_node, input.idempotency_key, measure=measure, **named)
