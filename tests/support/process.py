"""A server that a test owns: its own session, its log in a file, ended by its process id."""

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def account(user: str | None) -> dict[str, Any]:
    """What `subprocess` wants in order to start a program as another user, without our groups; nothing for None."""
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


class Process:
    """One server process, which can be started, frozen, killed and started again.

    Attributes:
        log: Where its output goes; `said()` reads it.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
    ) -> None:
        self.log = log
        self._command = [str(word) for word in command]
        self._env, self._cwd, self._user = env, cwd, user
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._child is not None, "it was not started"
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether it runs (or is frozen)."""
        return self._child is not None and self._child.poll() is None

    @property
    def children(self) -> list[int]:
        """The process ids of those that it started and that live."""
        told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
        rows = (line.split() for line in told.splitlines())
        return [int(pid) for pid, parent, state in rows if int(parent) == self.pid and not state.startswith("Z")]

    def start(self, ready: Callable[[], bool], seconds: float = 30.0) -> None:
        """Start it and wait for the fact `ready`.

        Raises:
            AssertionError: It ended, or the fact did not come true in time; says what the process said.
        """
        assert not self.alive, "it runs already"
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=None if self._env is None else dict(self._env),
                cwd=self._cwd,
                start_new_session=True,
                **account(self._user),
            )
        deadline = time.monotonic() + seconds
        while not ready():
            if self._child.poll() is not None:
                raise AssertionError(f"{self._command[0]} ended with {self._child.returncode}:\n{self.said()}")
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"{self._command[0]} was not ready after {seconds} s:\n{self.said()}")
            time.sleep(0.02)

    def freeze(self) -> None:
        """Stop it in its tracks (SIGSTOP): it keeps its connections and answers nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it without warning (SIGKILL), as a power cut would."""
        self._signal(signal.SIGKILL)

    def end(self, how: signal.Signals = signal.SIGTERM, seconds: float = 15.0) -> int:
        """Ask it to end and return its exit code; one that does not end is killed.

        Raises:
            AssertionError: It had to be killed.
        """
        self._signal(signal.SIGCONT)
        self._signal(how)
        assert self._child is not None
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self._command[0]} did not end in {seconds} s:\n{self.said()}") from None

    def said(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-8000:] if self.log.exists() else ""

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, number)
            if number is signal.SIGKILL:
                assert self._child is not None
                self._child.wait()
