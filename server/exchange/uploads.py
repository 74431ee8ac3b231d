"""What every import begins with: a mapping understood, its files found, and one refusal of all that is wrong."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from server.domain.refusals import RefusalCode, Refused
from server.exchange.binding import Binding
from server.exchange.loading import Known, parse, refused
from server.exchange.yaml_tree import Fault, read_yaml

Reader = TypeVar("Reader")


def bound(
    files: dict[str, bytes], mapping: str, kind: type[Known], reader: Callable[[Binding, Known], Reader]
) -> Reader:
    """A reader of the uploads as a YAML text says; making it notes which columns it needs.

    Raises `Refused` (INVALID) with every fault of the mapping and of the files.
    """
    document = read_yaml(mapping)
    understood, faults = parse(document, kind)
    if understood is None:
        raise refused(faults)
    uploads = {Path(name).name: data for name, data in files.items()}
    if len(uploads) < len(files):
        counted = Counter(Path(one).name for one in files)
        twice = ", ".join(sorted(name for name, times in counted.items() if times > 1))
        raise Refused(RefusalCode.INVALID, f"Two files are called {twice}. Rename one of them.", ["files"])
    binding = Binding(understood, uploads)
    made = reader(binding, understood)
    faults += [
        Fault(document.line(document.written(path)), document.written(path), why) for path, why in binding.faults
    ]
    if faults or binding.unreadable:
        raise _refused(faults, binding.unreadable)
    return made


def _refused(faults: list[Fault], unreadable: list[str]) -> Refused:
    if not unreadable:
        return refused(faults)
    details = [*unreadable, *(refused(faults).details if faults else ())]
    message = (
        details[0] if len(details) == 1 else f"Nothing was read: {len(details)} faults in the files and the mapping."
    )
    return Refused(RefusalCode.INVALID, message, ["files"], details)
