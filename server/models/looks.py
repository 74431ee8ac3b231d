"""One look for findings: what an organization is governed by then, and which day and months that makes it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.months import Month, fiscal_range, fiscal_year
from server.domain.policy import Policy
from server.domain.subjects import MOTION_DAYS, forecast_due, known_through
from server.models.database import rows
from server.models.policies import policy_in_force

Row = dict[str, Any]
_NO_FORECAST = 0  # no month: none is due yet


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an organization: what it is governed by, and which day and months that makes it."""

    organization: Row
    policy: Policy
    today: date

    @property
    def asked(self) -> dict[str, Any]:
        """The parameters that the statements share."""
        month, days = Month.containing(self.today), self.policy.cadence.due_days
        start = self.organization["fiscal_year_start"]
        first, last = fiscal_range(fiscal_year(month, start), start)
        return {
            "organization": self.organization["id"],
            "today": self.today,
            "open": int(month),
            "first": int(first),
            "last": int(last),
            "through": int(known_through(self.today, days)),
            "forecast": int(month) if forecast_due(self.today, days) else _NO_FORECAST,
            "since": self.today - timedelta(days=MOTION_DAYS),
            "earlier": self.today - timedelta(days=2 * MOTION_DAYS),
        }


async def look(db: BaseDBAsyncClient, organization_id: UUID, at: datetime) -> Look:
    """A look at an organization at an instant. Two statements."""
    organization = (await rows(db, "SELECT * FROM organization WHERE id = :id", id=organization_id))[0]
    policy = await policy_in_force(db, organization_id)
    return Look(organization, policy, at.astimezone(ZoneInfo(organization["time_zone"])).date())
