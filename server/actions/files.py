"""Files that back evidence: uploaded first, attached by the verb that records the evidence, swept when they never are.

An upload changes nothing of the organization, so the ledger has no fact of it; the evidence's fact holds its hash.
"""

from datetime import datetime, timedelta
from uuid import UUID

from server.domain.people import Scope, Viewer
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.cascade import StoredFile
from server.models.database import reading, rows
from server.models.file_store import FileStore, Kept

KEPT_UNATTACHED = timedelta(days=7)
"""A file that is no evidence after so long is removed."""
_YOUNG = timedelta(days=1)


def check_uploader(viewer: Viewer) -> None:
    """Refuse an upload by who could attach nothing: somebody without a seat, or a machine without the scope."""
    if not viewer.seats:
        raise Refused(RefusalCode.FORBIDDEN, "You have no seat here, so there is nothing to attach a file to.")
    if viewer.scopes is not None and Scope.MILESTONES_WRITE not in viewer.scopes:
        message = f"This token lacks the scope {Scope.MILESTONES_WRITE}, without which it attaches no evidence."
        raise Refused(RefusalCode.FORBIDDEN, message)


def checked_name(name: str) -> str:
    """The name of a file without the folders it came from. Raises INVALID for one that cannot be kept."""
    faults = Faults()
    tidy = cleaned(name.replace("\\", "/").rsplit("/", 1)[-1], "name", faults, required=True)
    faults.refuse_if_any()
    return tidy or ""


async def add_file(viewer: Viewer, kept: Kept, *, name: str, media_type: str, at: datetime) -> StoredFile:
    """Remember an upload; until it is attached it is its uploader's alone."""
    file = StoredFile(
        organization_id=viewer.organization_id,
        name=name,
        media_type=media_type,
        size=kept.size,
        hash=kept.hash,
        by_id=viewer.person_id,
        at=at,
    )
    await file.save(force_create=True)
    return file


async def attached(work: Work, file: UUID | None) -> StoredFile | None:
    """The file that a piece of evidence brings: one that the viewer uploaded. Its hash goes into the next fact."""
    if file is None:
        return None
    own = StoredFile.filter(id=file, organization_id=work.organization.id, by_id=work.viewer.person_id)
    found = await own.using_db(work.db).first()
    if found is None:
        raise not_found("file")
    work.note(thing="stored_file", id=str(found.id), field="sha256", before=None, after=found.hash)
    return found


async def sweep(store: FileStore, at: datetime) -> int:
    """Remove uploads that were never attached, and the bytes that nobody names any more; how many uploads."""
    sql = """SELECT f.id, f.hash FROM stored_file f WHERE f.at < :before
             AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.file_id = f.id)"""
    lost = await rows(reading(), sql, before=at - KEPT_UNATTACHED)
    if lost:
        await StoredFile.filter(id__in=[row["id"] for row in lost]).delete()
        hashes = sorted({row["hash"] for row in lost})
        named = await rows(reading(), "SELECT DISTINCT hash FROM stored_file WHERE hash IN :hashes", hashes=hashes)
        for file_hash in set(hashes) - {row["hash"] for row in named}:
            store.drop(file_hash, older_than=_YOUNG, at=at)
    store.drop_unfinished(older_than=_YOUNG, at=at)
    return len(lost)
