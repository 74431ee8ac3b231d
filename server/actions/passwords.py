"""Passwords: argon2 in threads, two at a time (64 MiB and 0.2 s each), and never under an organization's lock."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from server.domain.refusals import Faults

SHORTEST, LONGEST = 12, 1_000
_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(2, "passwords")


def check_new(password: str, field: str, faults: Faults) -> None:
    """Note what is wrong with a password that somebody wants to have."""
    if len(password) < SHORTEST:
        faults.add(f"{field}: a password has at least {SHORTEST} characters; a sentence is a good one.", field)
    if len(password) > LONGEST:
        faults.add(f"{field}: a password has at most {LONGEST:,} characters.", field)


async def hashed(password: str) -> str:
    """What is stored of a password."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password. Takes as long where there is none to compare with, so that time tells nothing."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _matches, password[:LONGEST], stored)


def _matches(password: str, stored: str | None) -> bool:
    try:
        _hasher.verify(stored or _nobodys(), password)
    except (Argon2Error, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
