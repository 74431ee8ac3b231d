"""How every import ends: refused with all rights that are missing, undone after a dry run, or kept with its report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NoReturn

from server.domain.cascade import Level, a
from server.domain.facts import FactKind
from server.domain.imports import ImportKind
from server.domain.refusals import RefusalCode, Refused, invalid
from server.domain.rights import Situation, may
from server.exchange.report import ImportReport
from server.live.work import Work
from server.models.imports import ImportRun

_NEEDED = {f"create{level.title().replace('_', '')}": f"create {a(level)}" for level in Level}
_NEEDED |= {"editNode": "add sellers to a sales plan", "recordResults": "record results", "setQuota": "set quota"}
_LONGEST_NAMES = 300


@dataclass(frozen=True, slots=True)
class Run:
    """One import as it was asked for; `digest` tells it from another under the same idempotency key."""

    kind: ImportKind
    names: str
    digest: str
    dry_run: bool

    @classmethod
    def of(cls, kind: ImportKind, files: Mapping[str, bytes], mapping: str, *, dry_run: bool) -> "Run":
        """The run of these files under this mapping."""
        digest = sha256(mapping.encode("utf-8", "surrogatepass"))
        for name in sorted(files):
            digest.update(f"\0{name}\0".encode("utf-8", "surrogatepass") + sha256(files[name]).digest())
        return cls(kind, ", ".join(sorted(files))[:_LONGEST_NAMES], digest.hexdigest(), dry_run)


class Undone(Exception):
    """Raised at the end of a dry run, so that its transaction is rolled back."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


async def finish(work: Work, run: Run, report: ImportReport) -> dict[str, Any]:
    """Keep what a run did with its report; a run that changed nothing leaves no trace. Raises `Undone` when dry."""
    if run.dry_run:
        raise Undone(report)
    stored = report.stored()
    if report.moved:
        kept = ImportRun(
            organization_id=work.organization.id,
            revision=work.next_revision,
            kind=run.kind.value,
            file_name=run.names,
            hash=run.digest,
            by_id=work.viewer.person_id,
            at=work.at,
            report=stored,
        )
        await kept.save(using_db=work.db, force_create=True)
        # Not by `work.add`: the ledger keeps which file it was, and the run its report, which may be long.
        after = {"kind": run.kind.value, "file_name": run.names, "hash": run.digest}
        work.note(thing="import_run", id=str(kept.id), before=None, after=after)
        sentence = f"imported {run.kind.spoken} ({run.names}). {report.sentence}"
        await work.record(FactKind.FILE_IMPORTED, sentence, on=kept)
    return stored


def refuse(forbidden: Iterable[tuple[str, Situation]]) -> NoReturn:
    """One sentence with every act that is not open to who imports, and who may do it."""
    reasons = dict[str, str]()
    for act, here in forbidden:
        why = str(may(act, here)).rstrip(".")
        reasons.setdefault(act, f"to {_NEEDED[act]} ({why[:1].lower()}{why[1:]})")
    needed = "; ".join(reasons.values())
    message = f"This import needs rights that you do not hold: {needed}. Ask for a seat, or ask one of them to import."
    raise Refused(RefusalCode.FORBIDDEN, message, details=list(reasons.values()))


def same_fiscal_year(work: Work, theirs: int | None) -> None:
    """Refuse files whose fiscal year begins in another month than the organization's."""
    ours = work.organization.fiscal_year_start
    if theirs is not None and theirs != ours:
        message = (
            f"The mapping says that fiscal years start in month {theirs}, those of “{work.organization.name}” start in "
            f"month {ours}. Mend fiscalYearStart, or import into an organization with the same fiscal year."
        )
        raise invalid(message, "mapping")
