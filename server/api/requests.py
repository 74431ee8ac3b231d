"""Reading a GraphQL request strictly: whatever is sent, the answer is an operation or a sentence, never a 500.

GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) and the GraphQL multipart request specification.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import orjson
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from server.api.errors import RequestError

_NUL = re.compile(rb"\\u(?:0000|\{0+\})")
MAX_FILES = 10
MAX_DIGITS = 15
"""Longer numbers are no length or index of ours, and reading thousands of digits takes long."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one GraphQL request, each of its right type."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a request is read, and for how long is waited."""

    body_bytes: int = 1024 * 1024
    upload_bytes: int = 201_000_000
    seconds: float = 15
    upload_seconds: float = 120


def parse_json(text: bytes | str) -> Any:
    """Strict JSON: UTF-8, no NaN or Infinity, no lone surrogates, no NUL, no key twice, nested 200 deep at most.

    Raises RequestError.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        value = orjson.loads(raw)
        if _NUL.search(raw) or b"\0" in raw:
            raise RequestError("The character NUL (U+0000) cannot be stored; leave it out.", code="BAD_JSON")
        # orjson keeps the last of two equal keys without a word; the standard library lets us look
        json.loads(raw, object_pairs_hook=_once, parse_int=str, parse_float=str)
    except (orjson.JSONDecodeError, UnicodeDecodeError) as error:
        reason = str(error).split(": line")[0]
        raise RequestError(f"This is not strict JSON in UTF-8: {reason}.", code="BAD_JSON") from None
    except RecursionError:
        raise RequestError("This JSON is nested too deeply.", code="BAD_JSON") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RequestError("This JSON has the same key twice in one object.", code="BAD_JSON")
    return found


def params_of(value: object) -> Params:
    """The parameters in a decoded body or message. Raises RequestError that names the first that is wrong."""
    if isinstance(value, list):
        raise RequestError("Batches are not served: send one operation per request.", code="BATCH_REFUSED")
    if not isinstance(value, dict):
        raise RequestError('A GraphQL request is a JSON object: {"query": "…", "variables": {…}}.')
    query = _checked(value, "query", str, "a string")
    if not query or not query.strip():
        raise RequestError("“query” is missing: put the GraphQL document there.")
    _checked(value, "extensions", dict, "an object")
    return Params(
        query,
        _checked(value, "operationName", str, "a string") or None,
        _checked(value, "variables", dict, "an object"),
    )


def _checked(value: Mapping[str, Any], name: str, kind: type[T], spoken: str) -> T | None:
    found = value.get(name)
    if found is not None and not isinstance(found, kind):
        raise RequestError(f"“{name}” must be {spoken} or null.")
    return found


def params_of_query(request: Request) -> Params:
    """The parameters in the address of a GET. Raises RequestError."""
    given: dict[str, Any] = {name: text for name, text in request.query_params.items() if text}
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = parse_json(given[name])
    if "\0" in "".join(map(str, given.values())):
        raise RequestError("The character NUL (U+0000) cannot be stored; leave it out.")
    return params_of(given)


async def json_body(request: Request, bounds: Bounds) -> bytes:
    """The body of a POST that is JSON. Raises RequestError."""
    _check_length(request, bounds.body_bytes)
    chunks, read, more = [], 0, True
    try:
        async with asyncio.timeout(bounds.seconds):
            while more:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                chunks.append(message.get("body", b""))
                read, more = read + len(chunks[-1]), message.get("more_body", False)
                if read > bounds.body_bytes:
                    raise _too_large(bounds.body_bytes)
    except TimeoutError:
        raise _too_slow(bounds.seconds) from None
    return b"".join(chunks)


@asynccontextmanager
async def params_of_form(request: Request, bounds: Bounds) -> AsyncGenerator[Params, None]:
    """The parameters in a form; uploaded files are closed at the end. Raises RequestError."""
    form = await _form(request, bounds)
    try:
        yield params_of(_with_files(form))
    finally:
        await form.close()


def content_type(request: Request) -> str:
    """`application/json` or `multipart/form-data`. Raises RequestError with 415 for anything else."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise _unsupported("Send the request uncompressed.")
    return _kind(request.headers.get("content-type", ""))


@lru_cache(maxsize=64)
def _kind(header: str) -> str:
    kind, _, parameters = header.lower().partition(";")
    charset = re.search(r"charset\s*=\s*\"?([^\s\";]*)", parameters)
    if kind.strip() not in ("application/json", "multipart/form-data"):
        raise _unsupported("Send the request as application/json, or with files as multipart/form-data.")
    if charset and charset[1] not in ("utf-8", "utf8"):
        raise _unsupported("Send the request in UTF-8.")
    return kind.strip()


def _unsupported(message: str) -> RequestError:
    return RequestError(message, 415, "UNSUPPORTED_MEDIA_TYPE", {"Accept": "application/json, multipart/form-data"})


async def bounded(request: Request, most: int, seconds: float) -> AsyncGenerator[bytes, None]:
    """The body as it comes, cut off where it grows too large or takes too long."""
    _check_length(request, most)
    read = 0
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    chunks = request.stream()
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                chunk = await anext(chunks, None)
        except TimeoutError:
            raise _too_slow(seconds) from None
        if chunk is None:
            return
        read += len(chunk)
        if read > most:
            raise _too_large(most)
        yield chunk


def _check_length(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdigit() and len(length) < MAX_DIGITS and int(length) > most:
        raise _too_large(most)


def _too_slow(seconds: float) -> RequestError:
    message = f"The body did not arrive within {seconds:g} seconds."
    return RequestError(message, 408, "TOO_SLOW", {"Connection": "close"})


def _too_large(most: int) -> RequestError:
    return RequestError(
        f"The body is larger than {most:,} bytes, which is the limit.", 413, "TOO_LARGE", {"Connection": "close"}
    )


async def _form(request: Request, bounds: Bounds) -> FormData:
    chunks = bounded(request, bounds.upload_bytes, bounds.upload_seconds)
    parser = MultiPartParser(
        request.headers, chunks, max_files=MAX_FILES, max_fields=2, max_part_size=bounds.body_bytes
    )
    try:
        return await parser.parse()
    except (MultiPartException, MultipartParseError, KeyError, UnicodeError) as error:
        raise RequestError(f"This multipart body cannot be read: {error}.") from None


def _with_files(form: FormData) -> object:
    """The operations with each file put where the map says (https://github.com/jaydenseric/graphql-multipart-request-spec)."""
    operations, places = (parse_json(_text(form, name)) for name in ("operations", "map"))
    if not isinstance(operations, dict):
        return operations
    if not isinstance(places, dict):
        raise RequestError("“map” must be an object of lists of paths.")
    for name, paths in places.items():
        file = form.get(name)
        if not isinstance(file, UploadFile):
            raise RequestError(f"“map” names the file “{name}”, which was not sent.")
        for path in paths if isinstance(paths, list) else [paths]:
            _place(operations, path, file)
    return operations


def _text(form: FormData, name: str) -> str:
    text = form.get(name)
    if not isinstance(text, str):
        raise RequestError(f"A multipart request needs the field “{name}” before its files.")
    return text


def _place(operations: dict[str, Any], path: object, file: UploadFile) -> None:
    steps = path.split(".") if isinstance(path, str) else []
    where: Any = operations if steps[:1] == ["variables"] else None
    for step in steps[:-1]:
        where = _step(where, step)
    last = steps[-1] if steps else ""
    if isinstance(where, list) and last.isdigit() and len(last) < MAX_DIGITS and int(last) < len(where):
        if where[int(last)] is None:
            where[int(last)] = file
            return
    elif isinstance(where, dict) and last in where and where[last] is None:
        where[last] = file
        return
    raise RequestError(f"“map” puts a file at “{path}”; there must be a null there, below “variables”.")


def _step(where: object, step: str) -> object:
    if isinstance(where, dict):
        return where.get(step)
    if isinstance(where, list) and step.isdigit() and len(step) < MAX_DIGITS and int(step) < len(where):
        return where[int(step)]
    return None
