"""What people write: how long it may be, and what makes it blank."""

from collections.abc import Mapping, Sequence

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
    "source": 300,
    "baselineSource": 300,
    "note": 5_000,
    "url": 2_000,
}
MOST_TAGS = 50
LONGEST_TAG = 80
MOST_SELLERS = 2_000
LONGEST_SELLER = 200  # as an opportunity's seller


def cleaned(text: str | None, field: str, faults: Faults, *, required: bool = False) -> str | None:
    """The text without white space around it, None when blank.

    A fault when it is missing, too long or holds a NUL character.
    """
    tidy = (text or "").strip()
    longest = LONGEST[field]
    if len(tidy) > longest:
        faults.add(f"{field} has {len(tidy):,} characters; at most {longest:,} fit.", field)
    if "\x00" in tidy:
        faults.add(f"{field} holds a NUL character; take it out.", field)
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
        if len(word) > longest or "\x00" in word:
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
