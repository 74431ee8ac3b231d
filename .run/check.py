"""`./run test` and `./run lint`: every check, one after the other, then one table and one closing line."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import node_env
import python_env
from say import ROOT, Stop
from turn import turn

PYTHON = str(python_env.PYTHON)
CODE = ["server", "tests", "bench", ".run"]
BROWSER = ROOT / "tests" / "browser"
WORKERS = str(max(2, min(os.cpu_count() or 2, 4)))


@dataclass(frozen=True)
class Check:
    """A command, and how it ended. One without a report counts as one test; the others are counted by their report."""

    title: str
    command: list[str]
    cwd: Path = ROOT
    report: Path | None = None
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def run(self) -> "Check":
        """The same check, ended: tests write as they go, all else only when it fails."""
        start = time.monotonic()
        print(f"\n── {self.title}", flush=True)
        output = None if self.report else subprocess.PIPE
        done = subprocess.run(
            self.command,
            cwd=self.cwd,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode and done.stdout:
            print(done.stdout, flush=True)
        passed, failed, skipped = (
            _counts(self.report) if self.report else (not done.returncode, bool(done.returncode), 0)
        )
        if done.returncode and not failed:
            failed = 1  # it broke before it could count: a crash, a file that cannot be imported, nothing collected
        ended = replace(self, passed=passed, failed=failed, skipped=skipped, seconds=time.monotonic() - start)
        print(f"   {'failed' if failed else 'passed'} in {ended.seconds:.1f} s", flush=True)
        return ended


def lint(words: list[str]) -> int:
    """Everything that reads the code without running it."""
    if words:
        raise Stop("./run lint takes no arguments.")
    with turn():
        python_env.ready(python_env.TESTING)
        node_env.packages(node_env.WEB)
    return _all(_readers())


def test(words: list[str]) -> int:
    """Every check there is; with arguments only pytest with those."""
    start = time.monotonic()
    with turn():
        python_env.ready(python_env.TESTING)
        node_env.packages(node_env.WEB)
        node_env.packages(BROWSER)
    if words:
        try:
            build([])
        except Stop as sentence:  # most tests need no page
            print(f"{sentence}\nThe tests go on without them.", file=sys.stderr)
        return subprocess.run([PYTHON, "-m", "pytest", *words], cwd=ROOT, env=_environment(), check=False).returncode
    with tempfile.TemporaryDirectory(prefix="stageline-checks-") as folder:
        return _all([*_readers(), *_runners(Path(folder))], time.monotonic() - start)


def bench(words: list[str]) -> int:
    """The benchmarks, with the packages of the tests: they start the same servers."""
    with turn():
        python_env.ready(python_env.TESTING)
    return subprocess.run([PYTHON, "-m", "bench", *words], cwd=ROOT, env=_environment(), check=False).returncode


def build(words: list[str]) -> int:
    """Only the web pages, as a wheel and the browser tests want them."""
    if words:
        raise Stop("./run build takes no arguments.")
    with turn():
        python_env.ready()
        node_env.web()
    return 0


def _readers() -> list[Check]:
    return [
        Check("ruff check", [PYTHON, "-m", "ruff", "check", "--output-format", "concise", *CODE]),
        Check("ruff format", [PYTHON, "-m", "ruff", "format", "--check", *CODE]),
        Check("mypy --strict", [PYTHON, "-m", "mypy"]),
        Check("web check (Biome, TypeScript)", [node_env.npm(), "run", "check"], node_env.WEB),
    ]


def _runners(reports: Path) -> list[Check]:
    web, api, browser = reports / "web.json", reports / "api.xml", reports / "browser.xml"
    pytest = [PYTHON, "-m", "pytest", "-q"]
    reporters = [f"--reporter={name}" for name in ("default", "./reporter.ts", "json")]
    vitest = [node_env.npm(), "run", "test", "--", *reporters, f"--outputFile.json={web}"]
    return [
        Check("web tests (Vitest)", vitest, node_env.WEB, web),
        Check("web pages", [sys.executable, str(ROOT / ".run"), "build"]),
        Check(
            "tests (pytest)",
            [*pytest, f"--junit-xml={api}", "-n", WORKERS, "--dist", "loadfile", "-m", "not browser"],
            report=api,
        ),
        Check("browser tests (pytest, Chromium)", [*pytest, f"--junit-xml={browser}", "-m", "browser"], report=browser),
    ]


def _all(checks: list[Check], seconds: float = 0.0) -> int:
    ended = [check.run() for check in checks]
    print()
    for check in ended:
        counts = (
            f"{check.passed} passed, {check.failed} failed" if check.report else "failed" if check.failed else "passed"
        )
        skipped = f", {check.skipped} skipped" if check.skipped else ""
        print(f"  {check.title:<36}{check.seconds:7.1f} s   {counts}{skipped}")
    broken = [check.title for check in ended if check.failed]
    if broken:
        print(f"\nNot right: {', '.join(broken)}. What went wrong stands above, under each name.")
    seconds += sum(check.seconds for check in ended)
    passed, failed, skipped = (sum(getattr(check, kind) for check in ended) for kind in ("passed", "failed", "skipped"))
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped in {seconds:.0f} s", flush=True)
    return 1 if broken else 0


def _counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of a Vitest (JSON) or pytest (JUnit) report; nothing without a report."""
    if not report.exists():
        return 0, 0, 0
    if report.suffix == ".json":
        said = json.loads(report.read_text(encoding="utf-8"))
        return said["numPassedTests"], said["numFailedTests"], said["numPendingTests"] + said["numTodoTests"]
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - our own pytest wrote it a moment ago
    total, failures, errors, skipped = (
        sum(int(suite.get(kind, 0)) for suite in suites) for kind in ("tests", "failures", "errors", "skipped")
    )
    return total - failures - errors - skipped, failures + errors, skipped


def _environment() -> dict[str, str]:
    return os.environ | node_env.environment()
