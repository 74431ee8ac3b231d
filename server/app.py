"""The wiring: settings become an application, and an application a server."""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from server import metrics
from server.actions.noticing import keep_noticing
from server.actions.reminders import keep_reminding
from server.api import fitting, logs, wire
from server.api.assembly import make_schema
from server.api.calendars import Calendars
from server.api.door import Clock, HouseDoor
from server.api.exports import Exports
from server.api.files import Files
from server.api.http import GraphQLOverHTTP
from server.api.middleware import RequestLog, SecurityHeaders
from server.api.operations import Operations
from server.api.origins import Origins
from server.api.packs import Packs
from server.api.pages import Pages
from server.api.probes import Probes
from server.api.sockets import GraphQLOverSockets
from server.api.strategies import Strategies
from server.live.answers import Answers
from server.live.audience import Audience
from server.live.bell import Bell
from server.live.work import ring_with
from server.models.database import close_database, is_unavailable, migrate, open_database
from server.models.file_store import FileStore
from server.settings import Settings
from server.workers import Crew, Lifeline, figures_added_up

log = logging.getLogger("stageline")
MIGRATION_PATIENCE = 5
"""Seconds after which the server answers, that it is not ready, while it migrates or looks for its database."""
STOP_MARGIN = wire.STREAMS_END_SECONDS + 1.5
"""Seconds a worker may take to end besides those of `stop_seconds`: its streams complete, its connections close."""
_COLLECT_AFTER = 50_000  # objects more: an answer of a thousand rows is no reason to look for garbage


def now() -> datetime:
    """The clock on the wall, the only one that is read; everything below is told the time."""
    return datetime.now(UTC)


def make_app(settings: Settings, *, clock: Clock = now) -> Starlette:
    """The application.

    `app.state` has its bell, its kept answers, its audience, and `leaving`, the event that ends its streams when it
    stops.
    """
    bell = Bell.open(settings.redis_url, channel=settings.redis_channel)
    schema = make_schema(fitting.limits(settings), introspection=settings.introspection)
    pace = fitting.pace(settings)
    audience, answers = Audience(bell, clock), Answers(settings.answers_bytes)
    operations, origins, pages = Operations(schema, audience), Origins(settings.allowed_origins), Pages()
    door, probes = HouseDoor(clock, bell, settings.production), Probes(schema, bell, pace, answers, audience)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with _running(settings, bell, clock):
            yield
            audience.close()

    app = Starlette(
        lifespan=lifespan,
        middleware=[
            Middleware(RequestLog),
            Middleware(SecurityHeaders, production=settings.production),
            *fitting.across_origins(settings),
        ],
        routes=[
            Route("/graphql", GraphQLOverHTTP(operations, door, origins, fitting.bounds(settings), pace, answers)),
            WebSocketRoute("/graphql", GraphQLOverSockets(operations, door, origins, pace)),
            *_documents(settings, door, origins, clock),
            Route("/schema.graphql", probes.contract),
            Route("/healthz", probes.healthz),
            Route("/readyz", probes.readyz),
            Route("/metrics", probes.figures),
            Route("/graphiql", pages.graphiql),
            Route("/", pages.page),
            Route("/{path:path}", pages.page),
        ],
    )
    app.state.leaving, app.state.bell, app.state.answers, app.state.audience = pace.leaving, bell, answers, audience
    return app


def _documents(settings: Settings, door: HouseDoor, origins: Origins, clock: Clock) -> list[Route]:
    """What comes and goes as a file."""
    files = Files(FileStore(settings.data_dir / "files"), door, origins, fitting.bounds(settings))
    return [
        Route("/files", files.upload, methods=["POST"]),
        Route("/files/{id}", files.download),
        Route("/board-pack/{file}", Packs(door).download),
        Route("/export.zip", Exports(door).download),
        Route("/calendar/{secret}.ics", Calendars(clock).subscribe),
        Route("/strategy/{file}", Strategies(door).download),
    ]


def serve(settings: Settings, *, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, then stop cleanly. Raises OSError where the address cannot be listened on.

    `on_ready` is told the address once requests are answered, by every worker where there are several.
    """
    logs.configure(settings.log_format.value, settings.log_level)
    with contextlib.ExitStack() as stack:
        if settings.workers > 1:
            stack.enter_context(figures_added_up())
        app = make_app(settings)
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = stack.enter_context(
            socket.create_server((settings.host, settings.port), family=family, backlog=2048)
        )
        host = f"[{settings.host}]" if family is socket.AF_INET6 else settings.host
        url = f"http://{host}:{listener.getsockname()[1]}"
        ready = (lambda: on_ready(url)) if on_ready else (lambda: log.info("Serving on %s", url))
        if settings.workers == 1:
            _serve_here(settings, app, listener, on_ready=ready)
            return
        crew = Crew(
            settings.workers,
            lambda lifeline: _serve_here(settings, app, listener, lifeline=lifeline),
            patience=settings.stop_seconds + STOP_MARGIN,
            on_ready=ready,
        )
        if code := crew.run():
            sys.exit(code)


def _collect_what_requests_leave() -> None:
    """Keep the garbage collector from what is loaded and stays: it walked all of it every few requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)


def _serve_here(
    settings: Settings,
    app: Starlette,
    listener: socket.socket,
    *,
    on_ready: Callable[[], None] | None = None,
    lifeline: Lifeline | None = None,
) -> None:
    """Be the server, or one of several workers that a supervisor holds by a lifeline."""
    _collect_what_requests_leave()
    config = fitting.server_config(settings, app)
    server = wire.Server(config, app.state.leaving, on_ready)

    async def beat() -> None:
        metrics.sample(app.state.bell.state(), app.state.answers.told, app.state.audience.state())
        if lifeline and not lifeline.beat():
            server.should_exit = True  # the supervisor is gone: nobody would start this worker again, or stop it

    config.callback_notify, config.timeout_notify = beat, 0  # uvicorn looks each second
    # uvicorn repeats the signal that stopped it, and a server that was asked to stop and did has succeeded. One that
    # comes before uvicorn listens for it counts too.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, server.handle_exit)
    server.run([listener])


@contextlib.asynccontextmanager
async def _running(settings: Settings, bell: Bell, clock: Clock) -> AsyncIterator[None]:
    """Database and bell, for as long as the server runs. Neither has to be there when it starts."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await open_database(settings.database_url)
    migrating = asyncio.create_task(_migrate())
    reminding = asyncio.create_task(keep_reminding(settings.remind_seconds, clock))
    noticing = asyncio.create_task(_noticing(migrating, settings, bell, clock))
    try:
        await asyncio.wait([migrating], timeout=MIGRATION_PATIENCE)
        if migrating.done():
            migrating.result()
        await bell.start()
        ring_with(bell)
        yield
    finally:
        ring_with(None)
        for task in (migrating, reminding, noticing):
            task.cancel()
        await asyncio.gather(migrating, reminding, noticing, return_exceptions=True)
        await bell.stop()
        await close_database()


async def _noticing(migrating: "asyncio.Task[None]", settings: Settings, bell: Bell, clock: Clock) -> None:
    """Look for findings once the database is up to date; before, there may be no table for them."""
    await asyncio.wait([migrating])
    await keep_noticing(settings.notice_seconds, clock, bell)


async def _migrate() -> None:
    """Bring the database up to date; while it cannot be reached, look again every two seconds."""
    while True:
        try:
            await migrate()
        except Exception as error:
            if not is_unavailable(error):
                raise
            log.warning("The database cannot be reached; looking again in 2 s.")
            await asyncio.sleep(2)
        else:
            return
