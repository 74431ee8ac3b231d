"""What the settings mean for each part of the application."""

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from server.api import wire
from server.api.limits import Limits
from server.api.pace import Pace
from server.api.patience import Patience
from server.api.requests import Bounds
from server.settings import Settings

UPLOAD_PATIENCE = 8
"""An upload may take so many times as long as another body."""


def limits(settings: Settings) -> Limits:
    """How large a question may be."""
    return Limits(
        depth=settings.max_depth,
        aliases=settings.max_aliases,
        spreads=settings.max_spreads,
        directives=settings.max_directives,
        cost=settings.max_cost,
        tokens=settings.max_tokens,
    )


def bounds(settings: Settings) -> Bounds:
    """How large a body may be, and how long it may take to come."""
    return Bounds(
        body_bytes=settings.max_body_bytes,
        upload_bytes=settings.max_upload_bytes,
        seconds=settings.receive_seconds,
        upload_seconds=settings.receive_seconds * UPLOAD_PATIENCE,
    )


def pace(settings: Settings) -> Pace:
    """How long sockets wait, how often they are looked at, and how many subscriptions one may have."""
    return Pace(
        init=settings.init_seconds,
        ping=settings.ping_seconds,
        recheck=settings.recheck_seconds,
        subscriptions=settings.max_subscriptions,
    )


def across_origins(settings: Settings) -> list[Middleware]:
    """What lets pages of other origins ask, where some may."""
    if not settings.allowed_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_credentials=True,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-Request-Id", "X-Stageline"],
        )
    ]


def server_config(settings: Settings, app: Starlette) -> uvicorn.Config:
    """How uvicorn is to serve the application."""
    patience = Patience(settings.max_header_bytes, settings.receive_seconds, settings.send_seconds)
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=settings.stop_seconds,
        ws_max_size=settings.max_body_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=settings.ping_seconds,
        ws_ping_timeout=settings.send_seconds,
        **wire.protocols(patience),
    )
