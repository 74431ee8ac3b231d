"""Which input is due and has not come, as SQL: said once, for review cycles, findings and gates (law §8 and §9).

`v` is the month of a value line.
"""

STALE = "state = 'OPEN' AND month < :open"
"""A deal that is open and was expected to close before the month that is running."""


def unforecast(month: str) -> str:
    """The month is planned, and neither forecast nor known."""
    return f"v.month = {month} AND v.plan IS NOT NULL AND v.forecast IS NULL AND v.actual IS NULL"


def without_actual(through: str, after: str | None = None) -> str:
    """The month is over and something was to come of it, but no actual says what did."""
    later = f" AND v.month > {after}" if after else ""
    return f"v.month <= {through}{later} AND v.actual IS NULL AND COALESCE(v.plan, v.forecast) IS NOT NULL"
