"""Log lines, the same for all: ours, uvicorn's and the libraries'. Each names its request; none holds a secret.

What is never logged: headers, cookies, bodies, variables, query strings. So there is nothing to redact.
"""

import logging
import sys
from datetime import UTC, datetime
from typing import Literal, TextIO

import orjson
import structlog
from structlog.typing import Processor

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# The stock one writes every local variable, passwords included.
_TRACE = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


_straight: list[TextIO] = []
"""Where lines of JSON go, while lines for information are written at all."""


def tell(logger: str, event: str, **said: object) -> None:
    """Log a line for information of which there is one per request.

    As JSON it is written straight: the general way through structlog and logging costs ten times as much.
    """
    if not _straight:
        structlog.stdlib.get_logger(logger).info(event, **said)
        return
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    told = structlog.contextvars.get_contextvars() | said
    line = told | {"event": event, "level": "info", "logger": logger, "timestamp": at}
    _straight[0].write(orjson.dumps(line, default=str).decode() + "\n")


def configure(form: Literal["console", "json"], level: str) -> None:
    """Send every log line of this process to standard error, for people or for machines."""
    shown: list[Processor] = (
        [_TRACE, structlog.processors.JSONRenderer()]
        if form == "json"
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    written = form == "json" and logging.getLevelNamesMapping()[level] <= logging.INFO
    _straight[:] = [sys.stderr] if written else []
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # uvicorn writes whole addresses, which may hold a document; requests are logged by our middleware
    logging.getLogger("uvicorn.error").setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    logging.getLogger("uvicorn.access").disabled = True
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
