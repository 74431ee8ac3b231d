"""Importing files of any kind: read outside the organization's order, then written in one transaction, or undone."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from server.actions.standing import refusal
from server.domain.imports import ImportKind, ImportPhase
from server.domain.people import Viewer
from server.domain.rights import standing_at
from server.exchange.crm import read_extract
from server.exchange.crm_writing import import_extract
from server.exchange.finishing import Run, Undone
from server.exchange.heap import uncollected
from server.exchange.indicators import read_indicators
from server.exchange.progress import Progress, silent
from server.exchange.report import ImportReport
from server.exchange.strategy_writing import import_strategy
from server.exchange.stratml import read_strategy
from server.exchange.targets import read_targets
from server.exchange.targets_writing import import_targets
from server.exchange.tracker import read_tracker
from server.exchange.tracker_writing import import_tracker
from server.live.work import perform


@dataclass(frozen=True, slots=True)
class _Way:
    """How one kind is read and written; `size` is how many parts its writer counts."""

    read: Callable[[dict[str, bytes], str, Callable[[int, int], None]], Any]
    write: Callable[..., Awaitable[dict[str, Any]]]
    size: Callable[[Any], int]


_WAYS = {
    ImportKind.CRM: _Way(read_extract, import_extract, lambda extract: len(extract.opportunities)),
    ImportKind.INDICATORS: _Way(read_indicators, import_strategy, lambda extract: extract.read),
    ImportKind.STRATEGY: _Way(read_strategy, import_strategy, lambda extract: extract.read),
    ImportKind.TRACKER: _Way(read_tracker, import_tracker, lambda extract: len(extract.initiatives)),
    ImportKind.TARGETS: _Way(read_targets, import_targets, lambda extract: len(extract.places)),
}


async def import_files(
    viewer: Viewer,
    files: dict[str, bytes],
    mapping: str,
    *,
    at: datetime,
    kind: ImportKind = ImportKind.CRM,
    under: UUID | None = None,
    key: str | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> ImportReport:
    """Read files (name → bytes) as the YAML text `mapping` says and take in what they hold, in one transaction.

    `under` is the objective that stands for the plan of a strategy. A dry run does all of it, reports, and leaves
    nothing behind. Raises `Refused`: INVALID for a mapping or a file that cannot be used, FORBIDDEN where a right is
    missing.
    """
    way = _WAYS[kind]
    refused = refusal("importFile", standing_at(viewer, frozenset()), "This import")
    if refused:  # before the work of reading; the verb asks again under the lock
        raise refused
    with uncollected():
        extract = await asyncio.to_thread(way.read, files, mapping, partial(progress, ImportPhase.READING))
    progress(ImportPhase.CHECKING, extract.read, extract.read)
    if under is not None:
        extract, mapping = replace(extract, under=under), f"{mapping}\0{under}"
    run = await asyncio.to_thread(Run.of, kind, files, mapping, dry_run=dry_run)
    total = way.size(extract)

    async def written(done: int) -> None:
        progress(ImportPhase.WRITING, done, max(done, total))
        await asyncio.sleep(0)

    try:
        with uncollected():
            kept = await perform(viewer, way.write, at, key, extract, written, run=run)
    except Undone as undone:
        return undone.report
    return ImportReport.restored(kept)
