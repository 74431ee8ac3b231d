"""The root fields, assembled: ask (Query), change (Mutation), follow (Subscription). One file per noun."""

import strawberry

from server.resolvers.budgets import BudgetMutation
from server.resolvers.calendars import CalendarMutation
from server.resolvers.cascade import CascadeMutation, CascadeQuery
from server.resolvers.changes import ChangeMutation
from server.resolvers.credentials import CredentialMutation
from server.resolvers.cycles import CycleMutation
from server.resolvers.delegations import DelegationMutation
from server.resolvers.desks import DeskMutation, DeskQuery
from server.resolvers.differences import DifferenceQuery
from server.resolvers.gates import GateMutation
from server.resolvers.imports import ImportMutation, ImportQuery, ImportSubscription
from server.resolvers.indicators import IndicatorMutation
from server.resolvers.ledger import LedgerQuery, LedgerSubscription
from server.resolvers.lights import LightMutation
from server.resolvers.matching import MatchingMutation
from server.resolvers.milestones import MilestoneMutation
from server.resolvers.organization import OrganizationQuery
from server.resolvers.policies import PolicyMutation
from server.resolvers.questions import QuestionMutation
from server.resolvers.rates import RateMutation
from server.resolvers.reminders import ReminderMutation
from server.resolvers.sales import SalesMutation
from server.resolvers.seats import SeatMutation
from server.resolvers.tokens import TokenMutation
from server.resolvers.values import ValueMutation


@strawberry.type(description="Ask. What a viewer may not see does not exist.")
class Query(OrganizationQuery, CascadeQuery, LedgerQuery, DifferenceQuery, DeskQuery, ImportQuery):
    """See the description."""


@strawberry.type(
    description="Change. Every change is one transaction, one fact in the ledger, or a refusal that says why not."
)
class Mutation(
    CredentialMutation,
    CascadeMutation,
    GateMutation,
    ChangeMutation,
    QuestionMutation,
    ReminderMutation,
    ValueMutation,
    BudgetMutation,
    RateMutation,
    SalesMutation,
    MatchingMutation,
    MilestoneMutation,
    LightMutation,
    CycleMutation,
    IndicatorMutation,
    SeatMutation,
    DelegationMutation,
    DeskMutation,
    TokenMutation,
    CalendarMutation,
    PolicyMutation,
    ImportMutation,
):
    """See the description."""


@strawberry.type(description="Follow. Nothing is lost, nothing comes twice; resume with `after`.")
class Subscription(LedgerSubscription, ImportSubscription):
    """See the description."""
