"""The build hook of the wheel: carries the built web pages, which are never committed, as server/web_dist."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebFiles(BuildHookInterface[Any]):
    """Puts web/dist into the wheel. An editable install needs none: there the server reads web/dist itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the pages to what is packed.

        Raises:
            FileNotFoundError: The pages were not built; a wheel without them would serve nothing to see.
        """
        if self.target_name != "wheel" or version == "editable":
            return
        dist = Path(self.root) / "web" / "dist"
        if not (dist / "index.html").exists():
            raise FileNotFoundError(f"{dist} is not built. Run `npm ci && npm run build` in web/ first, or ./run.")
        build_data["force_include"][str(dist)] = "server/web_dist"
