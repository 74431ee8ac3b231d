"""Mercurius and PostGraphile, from npm."""

from contextlib import ExitStack
from typing import TYPE_CHECKING

from bench.ground import Filled, Ground
from bench.questions import Question

if TYPE_CHECKING:
    from bench.contestants import Contestant


def node_peers(_stack: ExitStack, _ground: Ground, _question: Question, _on: Filled) -> "list[Contestant]":
    """None yet."""
    return []
