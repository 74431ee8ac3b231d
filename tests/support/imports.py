"""What a module of server/ imports, read from its text: at the top, in functions, for types only, and lazily."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LATE = {"lazy", "import_module", "__import__", "LazyType"}  # calls that import what their string names


@dataclass(frozen=True)
class Import:
    """One import: who, in which line, of which dotted module."""

    path: Path
    line: int
    module: str

    @property
    def target(self) -> str:
        """The layer it reaches, such as "domain"; "" for what is not ours."""
        words = self.module.split(".")
        return words[1] if words[0] == "server" and len(words) > 1 else ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.module}"


def sources() -> Iterator[tuple[Path, str]]:
    """Every module of server/, by its path from the root."""
    for path in sorted((ROOT / "server").rglob("*.py")):
        yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def layer(path: Path) -> str:
    """The layer a module is in: the folder or module just below server/."""
    return path.parts[1].removesuffix(".py")


def imports(path: Path, text: str) -> Iterator[Import]:
    """Every import of a module, wherever it stands."""
    for node in ast.walk(ast.parse(text, str(path))):
        for module in _modules(path, node):
            yield Import(path, getattr(node, "lineno", 0), module)


def _modules(path: Path, node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (name.name for name in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            package = list(path.parts[:-1])[: len(path.parts) - level] if level else []
            origin = ".".join([*package, *([module] if module else [])])
            yield from (f"{origin}.{name.name}" for name in names)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(module)), *_]):
            if name in LATE:
                yield module
