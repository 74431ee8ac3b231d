"""How far a fact reaches: whether it changed the node that it names, and nothing else that lists are made of."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.domain.facts import FactKind

OF_ITS_OWN = frozenset(
    {
        *("description", "business_unit", "tags", "sellers", "risks", "overlaps", "gap_explanation"),
        *("variance_explanation", "hypothesis", "metric", "target", "target_date"),
        *("estimated_units", "estimated_currency"),
    }
)
"""The columns of a node that say nothing of where it stands, what it is called, who answers for it or who sees it."""


def stays_within(kind: str, node_id: str, changes: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a fact changed such columns of this node, and no other row.

    Then whatever is told of other nodes, in whatever order, stands as it did. False where it cannot be told, as of a
    fact that notes no change: what it meant may have been written in bulk.
    """
    own = all(each["thing"] == "node" and each["id"] == node_id and each.get("field") in OF_ITS_OWN for each in changes)
    return kind == FactKind.NODE_CHANGED and bool(changes) and own
