"""Word that somebody may have been signed out: whoever holds streams open here looks at their sign-ins without delay.

It stays in this process. The others hear of tokens and passwords from the ledger, and of the rest when they next look.
"""

from collections.abc import Callable

_hearers: set[Callable[[], None]] = set()


def hear(hearer: Callable[[], None]) -> None:
    """Call this whenever somebody may have been signed out."""
    _hearers.add(hearer)


def ignore(hearer: Callable[[], None]) -> None:
    """Call it no longer."""
    _hearers.discard(hearer)


def say() -> None:
    """Somebody may have been signed out."""
    for hearer in list(_hearers):
        hearer()
