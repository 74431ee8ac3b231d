"""Loads a mapping: all its faults at once, each with its line, its path and what would be right."""

import difflib
from typing import Any, TypeVar

from pydantic import ValidationError

from server.domain.refusals import RefusalCode, Refused
from server.domain.wording import Path
from server.exchange.mapping import CrmMapping, Sources, keys_at
from server.exchange.yaml_tree import Document, Fault, Tree, read_yaml

Known = TypeVar("Known", bound=Sources)


def load_mapping(text: str) -> CrmMapping:
    """The mapping of a CRM's extract that a YAML text holds.

    Raises `Refused` (INVALID) whose details name every fault.
    """
    document = read_yaml(text)
    mapping, faults = parse(document, CrmMapping)
    if mapping is None or faults:
        raise refused(faults)
    return mapping


def parse(document: Document, kind: type[Known]) -> tuple[Known | None, list[Fault]]:
    """The mapping as far as it is understood, so that its columns can be checked in the same round, and its faults."""
    if not isinstance(document.tree, dict):
        return None, [*document.faults, Fault(1, (), "A mapping is a list of keys such as  system: my-crm.")]
    try:
        return kind.model_validate(document.tree), document.faults
    except ValidationError as error:
        faults = [_fault(document, dict(one), kind) for one in error.errors(include_url=False)]
        return _without(document.tree, [fault.path for fault in faults], kind), document.faults + faults


def refused(faults: list[Fault]) -> Refused:
    """One refusal for all faults of a mapping, in the order of its lines."""
    sentences = [str(fault) for fault in sorted(faults, key=lambda fault: fault.line)]
    many = f"The mapping has {len(sentences)} faults; nothing was read." if len(sentences) > 1 else sentences[0]
    return Refused(RefusalCode.INVALID, many, ["mapping"], sentences)


def _fault(document: Document, error: dict[str, Any], mapping: type[Sources]) -> Fault:
    path = document.written(tuple(step for step in error["loc"] if step != "[key]"))
    return Fault(document.line(path), path, _sentence(error, path, mapping))


# pydantic's kind of error → our sentence about what was written.
_SENTENCES = {
    "missing": "This key is needed and missing",
    "literal_error": "“{written}” is not one of {expected}",
    "enum": "“{written}” is not one of {expected}",
    "bool_parsing": "“{written}” is neither true nor false",
    "bool_type": "“{written}” is neither true nor false",
    "int_parsing": "“{written}” is not a whole number",
    "int_type": "“{written}” is not a whole number",
    "string_type": "A text is needed here, not {kind}",
    "dict_type": "Keys and values are needed here, not {kind}",
    "model_type": "Keys and values are needed here, not {kind}",
}


def _sentence(error: dict[str, Any], path: Path, mapping: type[Sources]) -> str:
    kind, written, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"“{path[-1]}” is no key here{nearest(str(path[-1]), keys_at(path[:-1], mapping))}"
    if kind == "value_error":
        said = str(context["error"])
        return f"{said[:1].upper()}{said[1:]}."
    known = _SENTENCES.get(kind, "{msg}")
    shown, expected = str(written)[:60], context.get("expected")
    return f"{known.format(written=shown, kind=_kind(written), expected=expected, msg=error['msg'])}."


def _kind(written: object) -> str:
    if written is None:
        return "nothing"
    return "keys and values" if isinstance(written, dict) else "a list" if isinstance(written, list) else f"“{written}”"


def nearest(written: str, known: list[str]) -> str:
    """How a sentence about an unknown name ends: `; did you mean “column”?`, or with all that is known."""
    near = closest(written, known)
    if near:
        return f"; did you mean “{near}”?"
    return f"; there is {', '.join(known)}." if known else "."


def closest(written: str, known: list[str]) -> str | None:
    """The known name that an unknown one was probably meant to be; None where none is near."""
    folded = {one.lower(): one for one in reversed(known)}
    near = difflib.get_close_matches(written.lower(), list(folded), 1, 0.6)
    return folded[near[0]] if near else None


def _without(tree: dict[str, Tree], paths: list[Path], mapping: type[Known]) -> Known | None:
    """The mapping without its faulty parts, when enough is left to check its columns without raising false alarms."""
    mended = dict(tree)
    for path in paths:
        if not path or path[0] in {"files", "joins", "main"} or path == ("columns",):
            return None
        root, part = str(path[0]), mended.get(str(path[0]))
        if len(path) > 1 and isinstance(part, dict):
            known = root == "columns" and path[1] in keys_at(("columns",), mapping)
            rest = {key: value for key, value in part.items() if key != path[1]}
            mended[root] = rest | ({str(path[1]): {"constant": "-"}} if known else {})
        else:
            mended.pop(root, None)
    try:
        return mapping.model_validate(mended)
    except ValidationError:
        return None
