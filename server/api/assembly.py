"""The schema, put together: root fields from `resolvers/`, scalars and names from `schema/`, limits as given."""

from server.api.limits import Limits
from server.api.operations import ApiSchema
from server.resolvers import Mutation, Query, Subscription
from server.schema.past import Execution
from server.schema.scalars import config


def make_schema(limits: Limits | None = None, *, introspection: bool = True) -> ApiSchema:
    """The one schema of the product. Printed, it is the contract (`server/schema/schema.graphql`)."""
    return ApiSchema(
        Query,
        mutation=Mutation,
        subscription=Subscription,
        config=config(),
        execution_context_class=Execution,
        limits=limits or Limits(),
        introspection=introspection,
    )
