"""Saved mappings: what the columns of a kind of file mean, kept under a name."""

from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.imports import ImportKind
from server.domain.refusals import Faults
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.imports import ImportMapping


async def save_import_mapping(work: Work, *, name: str, kind: ImportKind, document: str) -> UUID:
    """Keep a mapping under a name; one that has the name already is replaced. `document` is YAML that holds.

    The same once more records nothing.
    """
    await require(work, "saveImportMapping", None)
    faults = Faults()
    called = cleaned(name, "name", faults, required=True)
    faults.refuse_if_any()
    kept = {"yaml": document}
    known = ImportMapping.filter(organization_id=work.organization.id, name=called).using_db(work.db)
    row = await known.first()
    if row is None:
        row = ImportMapping(organization_id=work.organization.id, name=called, kind=kind.value, document=kept)
        await work.add(row)
    elif not await work.alter(row, kind=kind.value, document=kept):
        return row.id
    sentence = f"saved the mapping “{called}” for importing {kind.spoken}."
    await work.record(FactKind.RULES_CHANGED, sentence, on=row)
    return row.id
