"""What people write: tidied, bounded, and free of what cannot be seen."""

import pytest

from server.domain.refusals import Faults, Refused
from server.domain.texts import cleaned, cleaned_list


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[0mb", "a\u202eb", "a\u2066b", "a\x7fb"])
def test_what_cannot_be_seen_is_refused_by_its_number(text: str) -> None:
    faults = Faults()
    cleaned(text, "name", faults)
    with pytest.raises(Refused, match=f"U\\+{ord(text[1]):04X}"):
        faults.refuse_if_any()


@pytest.mark.parametrize("text", ["Trenčín", "Größe · 5 µm", "Line one\nline two\tand a tab", "日本語", "👷‍♀️ at work"])
def test_every_language_and_its_line_ends_are_kept(text: str) -> None:
    faults = Faults()
    assert cleaned(f"  {text} ", "description", faults) == text
    faults.refuse_if_any()


def test_a_blank_that_is_required_is_missing() -> None:
    faults = Faults()
    assert cleaned(" \n ", "name", faults, required=True) is None
    assert cleaned(None, "name", faults) is None
    with pytest.raises(Refused, match="name is missing"):
        faults.refuse_if_any()


def test_lists_lose_blanks_and_doubles_and_name_what_is_too_long() -> None:
    faults = Faults()
    assert cleaned_list([" a", "a", " ", "b"], "tags", faults) == ["a", "b"]
    faults.refuse_if_any()
    cleaned_list(["x" * 81, "y\u202e"], "tags", faults)
    with pytest.raises(Refused) as refused:
        faults.refuse_if_any()
    assert len(refused.value.details) == 2
