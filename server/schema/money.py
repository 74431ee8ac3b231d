"""Money, as spoken: an exact amount with its currency."""

from decimal import Decimal

import strawberry

from server.domain.money import major
from server.schema.scalars import Currency


@strawberry.type(description="An exact amount of money.")
class Money:
    """See the description."""

    amount: Decimal = strawberry.field(description="The amount in major units, with all decimals of its currency.")
    currency: Currency = strawberry.field(description="ISO 4217.")

    @classmethod
    def of(cls, units: int | None, currency: str | None) -> "Money | None":
        """Money from minor units; None where there is none."""
        if units is None or currency is None:
            return None
        return cls(amount=major(units, currency), currency=Currency(currency))


@strawberry.input(description="An amount of money.")
class MoneyInput:
    """See the description."""

    amount: Decimal = strawberry.field(description="The amount in major units, no finer than its currency.")
    currency: Currency = strawberry.field(description="ISO 4217.")
