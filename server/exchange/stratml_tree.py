"""XML that strangers wrote, as a tree of elements that know their line: no entity, no network, and within limits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from server.domain.refusals import RefusalCode, Refused

MAX_BYTES = 20_000_000
MAX_ELEMENTS = 200_000
MAX_DEPTH = 40


@dataclass(slots=True)
class Element:
    """An element by its local name, whatever the namespace or prefix it was written with."""

    name: str
    line: int
    attributes: dict[str, str]
    namespace: str = ""
    own_text: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, white space and line ends made single spaces."""
        return " ".join("".join(self.own_text).split())

    @property
    def paragraphs(self) -> str:
        """Its own text with its line ends."""
        return "".join(self.own_text).strip()

    def all(self, name: str) -> Iterator["Element"]:
        """Its children of this name, in order."""
        return (child for child in self.children if child.name == name)

    def first(self, *path: str) -> "Element | None":
        """The first element at the end of a path of names."""
        found: Element | None = self
        for name in path:
            found = next(found.all(name), None) if found else None
        return found

    def said(self, *path: str) -> str:
        """The text of the first element at the end of a path; empty without one."""
        found = self.first(*path)
        return found.text if found else ""


class _TooMuchError(Exception):
    """A limit, in words."""


class _Builder:
    """What the parser talks to."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.line: Callable[[], int] = lambda: 0
        self._open: list[Element] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise _TooMuchError(f"more than {MAX_ELEMENTS:,} elements")
        if len(self._open) >= MAX_DEPTH:
            raise _TooMuchError(f"elements more than {MAX_DEPTH} deep")
        namespace, _, name = tag.rpartition("}")
        element = Element(name, self.line(), attributes, namespace.removeprefix("{"))
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def data(self, text: str) -> None:
        """Text of the innermost open element."""
        if self._open:
            self._open[-1].own_text.append(text)

    def end(self, _tag: str) -> None:
        """The innermost element ends."""
        self._open.pop()

    def close(self) -> Element | None:
        """The whole tree."""
        return self.root


def read_xml(file: str, data: bytes) -> Element:
    """The root of an XML file.

    Raises `Refused` (INVALID), naming the file and the line, for what is no XML, brings a document type, entities or
    references to elsewhere, or is beyond the limits.
    """
    if len(data) > MAX_BYTES:
        raise _no_xml(f"{file} is larger than {MAX_BYTES // 1_000_000} MB. Split it and import the parts.")
    builder = _Builder()
    parser: Any = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.line = lambda: int(parser.parser.CurrentLineNumber)
    try:
        parser.feed(data)
        root = parser.close()
    except ParseError as error:
        line, column = error.position
        raise _no_xml(f"{file} line {line}, column {column}: this is no well-formed XML. Mend it there.") from error
    except DefusedXmlException as error:
        reason = "it brings a document type or entities, which are not read"
        raise _no_xml(f"{file}: {reason}. Take the DOCTYPE out.") from error
    except _TooMuchError as error:
        raise _no_xml(f"{file} has {error}. Split it and import the parts.") from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise _no_xml(f"{file}: its encoding cannot be read. Save it as UTF-8.") from error
    if not isinstance(root, Element):
        raise _no_xml(f"{file} is empty.")
    return root


def _no_xml(message: str) -> Refused:
    return Refused(RefusalCode.INVALID, message, ["files"], [message])
