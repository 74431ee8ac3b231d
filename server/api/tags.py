"""Entity tags of kept answers: the revision, until when it holds, and a digest of who may be given it (RFC 9110, 8.8).

A tag says all that is needed to know whether what a client has is still right, so any worker answers 304 without an
execution and without having kept the answer. Who makes one up deceives nobody but themselves.
"""

import re
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path

import server
from server.live.answers import Asking, Made, Question

_TAG = re.compile(r'(?:W/)?"(\d{1,19})-(\d{1,12})-([0-9a-f]{24})"')
_BIG = 8
"""More tags than any client has for one address are not looked at."""


def tag(question: Question, media_type: str, asking: Asking, made: Made) -> str:
    """The tag of an answer that was made, or kept, for who asks."""
    until = 0 if made.until is None else int(made.until.timestamp())
    return f'W/"{asking.revision}-{until}-{_digest(question, media_type, asking, personal=made.personal)}"'


def still_right(header: str | None, question: Question, media_type: str, asking: Asking) -> str | None:
    """The tag in an `If-None-Match` that is right for who asks now; None where there is none."""
    if not header:
        return None
    for found in list(_TAG.finditer(header))[:_BIG]:
        revision, until, digest = found.groups()
        if int(revision) != asking.revision or 0 < int(until) <= asking.at.timestamp():
            continue
        if digest in (_digest(question, media_type, asking, personal=personal) for personal in (False, True)):
            return f'W/"{revision}-{until}-{digest}"'
    return None


def _digest(question: Question, media_type: str, asking: Asking, *, personal: bool) -> str:
    whose = f"{asking.rights.spelt} {asking.person if personal else ''}"
    parts = (_build(), media_type, question[0], question[1] or "", whose)
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass") + question[2], digest_size=12).hexdigest()


@cache
def _build() -> str:
    """Which program answers: another one may answer otherwise at the same revision."""
    files = Path(server.__file__).parent.rglob("*.py")
    return datetime.fromtimestamp(max(file.stat().st_mtime for file in files), UTC).isoformat()
