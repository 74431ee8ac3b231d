"""The times that streams keep."""

import asyncio
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds, the most subscriptions on one socket, and the event that ends every stream."""

    init: float = 10
    """Time to send `connection_init`."""
    ping: float = 25
    """Between two pings, or two empty comments of an event stream."""
    recheck: float = 4
    """Between two looks whether the sign-in still holds; promise 6 says 5 at the most."""
    subscriptions: int = 50
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the server stops: streams complete, so that clients go elsewhere at once."""
