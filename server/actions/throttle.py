"""How often something may be tried: so many times in so long, per key. Time is an argument.

Kept in the memory of each process: behind N processes somebody gets N times as many tries, which argon2's price bounds
as well; a restart forgets. That is decided for simplicity, and for not letting a stranger write to the database.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

KEYS_KEPT = 20_000


class Throttle:
    """At most `tries` in `within`, for each key."""

    def __init__(self, tries: int, within: timedelta) -> None:
        self._tries, self._within = tries, within
        self._tried: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, key: str, at: datetime) -> timedelta | None:
        """How long until the next try is allowed; None where it is allowed now."""
        tried = self._recent(key, at)
        return tried[0] + self._within - at if len(tried) >= self._tries else None

    def count(self, key: str, at: datetime) -> None:
        """A try is made now. Count it before its outcome is known, or many at once go uncounted."""
        self._recent(key, at).append(at)
        self._tried.move_to_end(key)
        if len(self._tried) > KEYS_KEPT:
            self._tried.popitem(last=False)

    def forget(self, key: str) -> None:
        """A try succeeded: the failures before it do not count any more."""
        self._tried.pop(key, None)

    def _recent(self, key: str, at: datetime) -> deque[datetime]:
        tried = self._tried.setdefault(key, deque())
        while tried and tried[0] <= at - self._within:
            tried.popleft()
        return tried
