"""The garbage collector rests as long as any import runs, and never longer."""

import gc

import pytest

from server.exchange.heap import uncollected


def test_it_rests_until_the_last_of_several_is_done() -> None:
    """Two imports at once: the first to end wakes nobody."""
    first, second = uncollected(), uncollected()
    with first:
        second.__enter__()
        assert not gc.isenabled()
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_an_import_that_fails_leaves_it_at_work() -> None:
    """Whatever ends an import, garbage is collected after it."""
    with pytest.raises(ValueError, match="broken"), uncollected():
        raise ValueError("broken")
    assert gc.isenabled()


def test_who_has_stopped_it_for_other_reasons_is_not_overruled() -> None:
    """A process that runs without a collector goes on without it."""
    gc.disable()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
