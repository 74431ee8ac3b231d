"""Who sells is put on the sales plans that stood before an import."""

from uuid import UUID

from server.actions.cascade import edit_node
from server.actions.standing import refusal, situation
from server.exchange.extract import Place
from server.exchange.places import Places
from server.live.work import Work
from server.models.cascade import Node


async def add_sellers(work: Work, places: Places, sellers: dict[Place, tuple[str, ...]]) -> tuple[int, list[str]]:
    """Add who sells to plans that stood; how many were added, and what is left to say."""
    by_plan: dict[UUID, tuple[Node, dict[str, None]]] = {}
    notes, added = list[str](), 0
    for place, names in sellers.items():
        plan = places.plan(place)
        if isinstance(plan, Node):
            by_plan.setdefault(plan.id, (plan, {}))[1].update(dict.fromkeys(names))
        else:
            notes.append(f"Sellers on no plan, because {plan}: {', '.join(names)}.")
    for plan, wanted in by_plan.values():
        new = [name for name in wanted if name not in plan.sellers]
        refused = refusal("editNode", await situation(work, plan), plan.name) if new else None
        if refused:
            notes.append(f"Sellers not added: {', '.join(new)}. {refused.message}")
        elif new:
            await edit_node(work, node=plan.id, fields={"sellers": [*plan.sellers, *new]})
            added += len(new)
    return added, notes
