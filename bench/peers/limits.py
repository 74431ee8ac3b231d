"""The limits of a read: one statement that answers the finished JSON, and ready bytes; no GraphQL, no rights.

Run by uvicorn with the database's address in DB. POST /raw takes {"query": name, "variables": …} and POST /ready/NAME
answers what was asked of /keep/NAME before.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

DB = os.environ["DB"]
_EIGHT = """'id', i.id, 'name', i.name, 'stage', i.stage, 'standing', i.standing, 'revision', i.revision,
    'businessUnit', i.business_unit, 'owner', json_build_object('name', w.name),
    'estimatedValue', json_build_object('amount', i.estimated::text, 'currency', i.currency)"""
_STEP = "'stage', stage, 'measures', measures, 'plan', plan::text, 'outlook', outlook::text"
_BY_STAGE = """SELECT i.stage, COUNT(DISTINCT i.id)::int AS measures, SUM(v.plan) AS plan,
    SUM(COALESCE(v.actual, v.forecast, v.plan)) AS outlook FROM plain.month_value v
    JOIN plain.initiative i ON i.id = v.initiative_id WHERE i.standing = 'ACTIVE' AND $1 = 0 GROUP BY i.stage"""
SQL = {
    "Phone": """SELECT json_build_object('data', json_build_object('initiative', json_build_object('id', i.id,
            'name', i.name, 'stage', i.stage, 'standing', i.standing, 'owner', json_build_object('name', w.name),
            'estimatedValue', json_build_object('amount', i.estimated::text, 'currency', i.currency), 'milestones',
            (SELECT json_agg(json_build_object('id', m.id, 'name', m.name, 'due', m.due) ORDER BY m.due, m.id)
             FROM (SELECT id, name, due FROM plain.milestone WHERE initiative_id = i.id ORDER BY due, id LIMIT 3) m)
        )))::text FROM plain.initiative i JOIN plain.person w ON w.id = i.owner_id WHERE i.id = $1""",
    "Tree": f"""SELECT json_build_object('data', json_build_object('objective', json_build_object('id', o.id,
            'name', o.name, 'portfolios', (SELECT json_agg(json_build_object('id', f.id, 'name', f.name, 'programs',
                (SELECT json_agg(json_build_object('id', p.id, 'name', p.name, 'initiatives',
                    (SELECT json_agg(json_build_object({_EIGHT}) ORDER BY i.id) FROM plain.initiative i
                     JOIN plain.person w ON w.id = i.owner_id WHERE i.program_id = p.id)) ORDER BY p.id)
                 FROM plain.program p WHERE p.portfolio_id = f.id)) ORDER BY f.id)
             FROM plain.portfolio f WHERE f.objective_id = o.id))))::text FROM plain.objective o WHERE o.id = $1""",
    "Funnel": f"""SELECT json_build_object('data', json_build_object('funnel',
        json_agg(json_build_object({_STEP}))))::text FROM ({_BY_STAGE}) s""",
    "Kept": f"""SELECT json_build_object('data', json_build_object('funnel',
        json_agg(json_build_object({_STEP}))))::text FROM plain.kept WHERE objective_id = $1""",
    "Page": f"""WITH page AS (SELECT * FROM plain.initiative WHERE stage = $1 ORDER BY value DESC, id LIMIT 51)
        SELECT json_build_object('data', json_build_object('initiatives', json_build_object(
            'totalCount', (SELECT COUNT(*) FROM plain.initiative WHERE stage = $1),
            'edges', (SELECT json_agg(json_build_object('cursor', i.value || ':' || i.id,
                'node', json_build_object({_EIGHT})) ORDER BY i.value DESC, i.id)
                FROM (SELECT * FROM page ORDER BY value DESC, id LIMIT 50) i JOIN plain.person w ON w.id = i.owner_id),
            'pageInfo', json_build_object('hasNextPage', (SELECT COUNT(*) > 50 FROM page)))))::text""",
}
ready: dict[str, bytes] = {}


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Connect."""
    app.state.pool = await asyncpg.create_pool(DB, min_size=8, max_size=16, server_settings={"jit": "off"})
    yield
    await app.state.pool.close()


async def raw(request: Request) -> Response:
    """The answer of the database, as it comes."""
    asked = orjson.loads(await request.body())
    (value,) = asked["variables"].values()
    told: str = await request.app.state.pool.fetchval(SQL[asked["query"]], value)
    return Response(told, media_type="application/json")


async def keep(request: Request) -> Response:
    """Keep the bytes that are to be ready."""
    ready[request.path_params["name"]] = await request.body()
    return Response(status_code=204)


async def answer(request: Request) -> Response:
    """The ready bytes, after the question was read."""
    await request.body()
    return Response(ready[request.path_params["name"]], media_type="application/json")


app = Starlette(
    routes=[
        Route("/raw", raw, methods=["POST"]),
        Route("/keep/{name}", keep, methods=["POST"]),
        Route("/ready/{name}", answer, methods=["POST"]),
    ],
    lifespan=lifespan,
)
