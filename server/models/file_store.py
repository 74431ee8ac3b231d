"""Where the bytes of uploaded files are kept: a folder in which each file is called by the SHA-256 of what it holds.

A file is written beside its place, flushed to the disk, and only then moved there, so that what has a name is whole.
The same bytes are kept once, whoever uploaded them. Several servers of one deployment share the folder.
"""

import asyncio
import os
from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

_ARRIVING = "arriving"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was stored: its SHA-256 in hexadecimal digits, and how many bytes it has."""

    hash: str
    size: int


class FileStore:
    """The folder. Made when the first file arrives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file_hash: str) -> Path:
        """Where the bytes with this hash are, if they are."""
        return self._folder / file_hash[:2] / file_hash

    async def keep(self, chunks: AsyncIterable[bytes]) -> Kept:
        """Store bytes as they come, never all of them in memory; of none nothing is stored.

        Raises OSError where the disk does not take them.
        """
        digest, size = sha256(), 0
        arriving = self._folder / _ARRIVING
        arriving.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=arriving, delete=False) as file:
            try:
                async for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    await asyncio.to_thread(file.write, chunk)
                kept = Kept(digest.hexdigest(), size)
                await asyncio.to_thread(self._settle if size else self._forget, file, kept.hash)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)  # noqa: ASYNC240 - a cancelled task waits for nothing
                raise
        return kept

    def _settle(self, file: IO[bytes], file_hash: str) -> None:
        file.flush()
        os.fsync(file.fileno())
        place = self.path(file_hash)
        place.parent.mkdir(exist_ok=True)
        Path(file.name).replace(place)  # also over the same bytes: they are young again, and no sweep takes them
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _forget(self, file: IO[bytes], _file_hash: str) -> None:
        Path(file.name).unlink()

    def drop(self, file_hash: str, *, older_than: timedelta, at: datetime) -> None:
        """Remove bytes that no row names any more, unless they came so lately that their row may be on its way."""
        place = self.path(file_hash)
        if place.exists() and _age(place, at) > older_than:
            place.unlink(missing_ok=True)

    def drop_unfinished(self, *, older_than: timedelta, at: datetime) -> None:
        """Remove what began to arrive and never did."""
        for each in (self._folder / _ARRIVING).glob("*"):
            if _age(each, at) > older_than:
                each.unlink(missing_ok=True)


def _age(path: Path, at: datetime) -> timedelta:
    try:
        return at - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return timedelta(0)
