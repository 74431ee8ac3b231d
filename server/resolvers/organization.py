"""Asking who one is, and for one's organization."""

import strawberry

from server.schema.context import Info
from server.schema.fields import edge
from server.schema.organization import Organization
from server.schema.past import AsOf, AsOfTime, context_of
from server.schema.viewer import Viewer


@strawberry.type
class OrganizationQuery:
    """Where most queries begin."""

    @edge("Who asks; null when nobody is signed in.")
    async def viewer(self, info: Info) -> Viewer | None:
        """See the description."""
        return Viewer() if info.context.signed_in else None

    @edge("The viewer's organization.")
    async def organization(self, info: Info, as_of: AsOf = None, as_of_time: AsOfTime = None) -> Organization | None:
        """See the description."""
        context = await context_of(info, as_of, as_of_time)
        return await Organization.here(info, context)
