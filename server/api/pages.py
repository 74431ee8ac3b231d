"""The built web pages. Every path without a dot that is nothing else is the application's: it routes in the browser."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

_PACKAGE = Path(__file__).resolve().parent.parent
BUILT = (_PACKAGE / "web_dist", _PACKAGE.parent / "web" / "dist")
"""Where the pages are: inside the wheel, or in a checkout."""
NOT_BUILT = (
    "The web pages are not built yet. In a checkout, ./run builds them (or: ./run build). The API is at /graphql.\n"
)


class Pages:
    """Serves the files of the build and nothing else; a build that was replaced meanwhile is looked at anew."""

    def __init__(self, folders: tuple[Path, ...] = BUILT) -> None:
        self._folders = folders
        self._files: dict[str, Path] = {}

    async def page(self, request: Request) -> Response:
        """A file, or the application."""
        path = request.path_params.get("path", "")
        if self._found(path):
            return self._file(path)
        if "." in path.rsplit("/", 1)[-1]:
            return PlainTextResponse("There is no such file.\n", 404)
        return self._file("index.html")

    async def graphiql(self, _request: Request) -> Response:
        """The explorer, a page of its own."""
        return self._file("graphiql.html")

    def _file(self, name: str) -> Response:
        found = self._found(name)
        if found is None:
            return PlainTextResponse(NOT_BUILT, 503)
        kept = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
        return FileResponse(found, headers={"Cache-Control": kept})

    def _found(self, name: str) -> Path | None:
        known = self._files.get(name)
        if known is None and self._files and not name.startswith("assets/"):
            return None
        if known is None or not known.is_file():
            self._look()
        return self._files.get(name)

    def _look(self) -> None:
        root = next((folder for folder in self._folders if (folder / "index.html").is_file()), None)
        every = (path for path in root.rglob("*") if path.is_file()) if root else ()
        self._files = {path.relative_to(root).as_posix(): path for path in every} if root else {}
