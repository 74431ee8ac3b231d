"""Whether a mapping holds, without any file."""

from server.domain.imports import ImportKind
from server.domain.refusals import invalid
from server.exchange.loading import parse, refused
from server.exchange.mapping import CrmMapping, Sources
from server.exchange.targets_mapping import TargetsMapping
from server.exchange.tracker_mapping import TrackerMapping
from server.exchange.yaml_tree import read_yaml

_WORDS: dict[ImportKind, type[Sources]] = {
    ImportKind.CRM: CrmMapping,
    ImportKind.TRACKER: TrackerMapping,
    ImportKind.TARGETS: TargetsMapping,
}


def check_mapping(kind: ImportKind, mapping: str) -> None:
    """Refuse (INVALID) a mapping that does not hold, with all its faults; its columns are checked against no file."""
    if kind not in _WORDS:
        raise invalid(f"No mapping of {kind.spoken} is kept; there are those of CRM, TRACKER and TARGETS.", "kind")
    understood, faults = parse(read_yaml(mapping), _WORDS[kind])
    if understood is None or faults:
        raise refused(faults)
