"""What people write: how long it may be, and what makes it blank."""

from collections.abc import Mapping, Sequence
from unicodedata import category

from server.domain.money import decimal
from server.domain.refusals import Faults

# field (as callers write it) → the longest it may be, in characters
LONGEST: Mapping[str, int] = {
    "name": 200,
    "description": 20_000,
    "businessUnit": 200,
    "hypothesis": 5_000,
    "metric": 200,
    "unit": 40,
    "risks": 20_000,
    "overlaps": 20_000,
    "gapExplanation": 5_000,
    "varianceExplanation": 5_000,
    "reason": 5_000,
    "comment": 5_000,
    "checkedAgainst": 2_000,
    "text": 5_000,
    "source": 300,
    "baselineSource": 300,
    "note": 5_000,
    "url": 2_000,
    "label": 200,
}
MOST_TAGS = 50
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
LONGEST_TAG = 80
MOST_SELLERS = 2_000
LONGEST_SELLER = 200  # as an opportunity's seller


def unseen(text: str) -> str | None:
    """The first character that cannot be seen but changes how a text is shown or stored, as `U+202E`; None without one.

    Control characters other than line ends and tabs, and those that turn the direction of writing around.
    """
    found = next((one for one in text if one in _TURNING or (category(one) == "Cc" and one not in "\n\r\t")), None)
    return f"U+{ord(found):04X}" if found else None


def cleaned(text: str | None, field: str, faults: Faults, *, required: bool = False) -> str | None:
    """The text without white space around it, None when blank.

    A fault when it is missing, too long or holds what cannot be seen.
    """
    tidy = (text or "").strip()
    longest = LONGEST[field]
    if len(tidy) > longest:
        faults.add(f"{field} has {len(tidy):,} characters; at most {longest:,} fit.", field)
    if hidden := unseen(tidy):
        faults.add(f"{field} holds a character that cannot be seen ({hidden}); take it out.", field)
    if required and not tidy:
        faults.add(f"{field} is missing; write it.", field)
    return tidy or None


def cleaned_list(
    words: Sequence[str], field: str, faults: Faults, most: int = MOST_TAGS, longest: int = LONGEST_TAG
) -> list[str]:
    """A list of short words without blanks and doubles, in the order given."""
    tidy = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(tidy) > most:
        faults.add(f"{field} has {len(tidy)} entries; at most {most} fit.", field)
    for word in tidy:
        if len(word) > longest or unseen(word):
            faults.add(f"{field}: “{word[:40]}…” is no short word of at most {longest} characters.", field)
    return tidy


def exact(text: str | None, field: str, faults: Faults) -> str | None:
    """An exact decimal as text, in plain notation; None stays None."""
    if text is None:
        return None
    try:
        value = decimal(text)
    except ValueError as fault:
        faults.add(f"{field}: {fault}.", field)
        return None
    written = format(value, "f")
    if len(written) > 60:  # noqa: PLR2004 — the column's length
        faults.add(f"{field}: {written[:20]}… has too many digits; at most 60 fit.", field)
    return written
