"""Where in the bytes of an answer single things stand, so that one of them can be told anew without the rest."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

PART_BYTES = 260
"""About what a part takes besides its bytes: its id, its number by that, its place and its lengths."""
MARK = b"\0"
"""What stands around the number of a part in a frame: JSON writes no such byte."""


@dataclass(frozen=True, slots=True)
class Part:
    """A thing as it is told: its global id, which place of the document it stands at, and its bytes."""

    id: str
    place: int
    told: bytes


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a body, in their order in it."""

    ids: tuple[str, ...]
    numbers: Mapping[str, Sequence[int]]
    """Which of the parts tell a thing, by its id."""
    places: tuple[int, ...]
    lengths: tuple[int, ...]
    """Of what stands before the first part, of the first part, of what stands between it and the second, and so on."""
    others: frozenset[str]
    """Things in it that are no parts: with them the whole is told anew."""

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return PART_BYTES * (len(self.ids) + len(self.others))

    def of(self, ids: Collection[str]) -> Iterator[int]:
        """The numbers of the parts that tell these things."""
        return (number for each in ids for number in self.numbers.get(each, ()))

    def told(self, body: bytes, number: int) -> bytes:
        """The bytes of a part."""
        start = sum(self.lengths[: 2 * number + 1])
        return body[start : start + self.lengths[2 * number + 1]]

    def with_told(self, body: bytes, anew: Mapping[int, bytes]) -> "tuple[bytes, Parts]":
        """The body in which these parts are told so, and its parts."""
        lengths, pieces, done = list(self.lengths), list[bytes | memoryview](), 0
        view = memoryview(body)  # so that nothing is copied but into the new body
        for number in sorted(anew):
            start = sum(self.lengths[: 2 * number + 1])
            pieces += [view[done:start], anew[number]]
            done = start + lengths[2 * number + 1]
            lengths[2 * number + 1] = len(anew[number])
        return b"".join([*pieces, view[done:]]), replace(self, lengths=tuple(lengths))


def framed(number: int) -> bytes:
    """What stands in a frame for a part."""
    return MARK + b"%d" % number + MARK


def put_together(frame: bytes, parts: Sequence[Part], others: Collection[str]) -> tuple[bytes, Parts]:
    """The body of a frame in which each part is `framed` by its number, and where its parts are."""
    pieces = frame.split(MARK)
    found = [parts[int(number)] for number in pieces[1::2]]
    pieces[1::2] = [part.told for part in found]
    ids, places = tuple(part.id for part in found), tuple(part.place for part in found)
    numbers: dict[str, list[int]] = {}
    for number, each in enumerate(ids):
        numbers.setdefault(each, []).append(number)
    return b"".join(pieces), Parts(ids, numbers, places, tuple(map(len, pieces)), frozenset(others))
