"""Several workers on one listening socket: started, watched, started again when they die, and let go together.

A supervisor that has loaded everything and itself serves nothing forks them, so that they share its memory and one that
died is back in the time that its database takes to connect. Every worker is a whole server: it reads the ledger by
itself and knows of the others only what PostgreSQL and Redis tell it. uvicorn's own supervisor is not used: it would
load each worker from nothing, start a dead one again without a pause and for ever, and wait for ever for one that does
not end.
"""

import gc
import logging
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead

from server import metrics

log = logging.getLogger("stageline")
BEAT_SECONDS = 1
SILENT_SECONDS = 30.0
"""A worker whose loop has not turned for so long hangs, and is replaced."""
START_SECONDS = 60.0
"""So long it may be silent before it serves: it may have to migrate."""
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Before a worker is started again, by how often in a row it died young."""
YOUNG_SECONDS = 30.0
_FOLDER_PREFIX = "stageline-figures-"
_BEAT = b"."


class Lifeline:
    """What a worker holds of its supervisor: it tells that it lives, and learns that the supervisor does not."""

    def __init__(self, pipe: int, supervisor: int) -> None:
        self._pipe, self._supervisor = pipe, supervisor

    def beat(self) -> bool:
        """Say that this worker serves. False where nobody is left to hear it: then it is time to leave."""
        # A full pipe needs no further beat, and a broken one nobody to hear it.
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(self._pipe, _BEAT)
        return os.getppid() == self._supervisor


@dataclass(slots=True)
class Worker:
    """One place among the workers, and the process that fills it now."""

    pid: int = 0
    pipe: int = -1
    started: float = 0.0
    heard: float = 0.0
    serves: bool = False
    died_young: int = 0
    due: float = 0.0

    @property
    def runs(self) -> bool:
        """Whether a process fills the place."""
        return self.pid > 0

    def hangs(self, now: float) -> bool:
        """Whether it should have been heard of by now."""
        return self.runs and now - self.heard > (SILENT_SECONDS if self.serves else START_SECONDS)


@dataclass
class Crew:
    """The supervisor: `run` returns the exit code when all is over."""

    number: int
    serve: Callable[[Lifeline], None]
    """What a worker does, in its own process, until it is told to stop by SIGTERM."""
    patience: float
    """Seconds that workers have to end after SIGTERM; those left are killed."""
    on_ready: Callable[[], None]
    """Told once, when every worker serves."""
    _workers: list[Worker] = field(default_factory=list)
    _told: bool = False
    _stopping: bool = False
    _code: int = 0

    def run(self) -> int:
        """Keep the workers until SIGTERM or Ctrl-C, then let them go. 0, or 1 where one of them had to be killed.

        A worker that ends before any has ever served shows a fault that all share: then its code is returned at once.
        """
        self._workers = [Worker() for _ in range(self.number)]
        _forget(os.getpid())  # this process serves nothing: its sockets and its bell are not to be added
        gc.collect()
        gc.freeze()  # what is loaded stays shared: the collector would write into every page of it
        with self._signals() as wake:
            while not self._stopping:
                self._start_due()
                self._listen(wake)
                self._bury()
                self._cut_hanging()
            self._let_go(wake)
        return self._code

    @contextmanager
    def _signals(self) -> Iterator[int]:
        """Signals while this runs; yields what becomes readable at each."""
        reading, writing = os.pipe()
        for end in (reading, writing):
            os.set_blocking(end, False)
        kept = {each: signal.signal(each, self._stop) for each in (signal.SIGTERM, signal.SIGINT)}
        kept[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        try:
            yield reading
        finally:
            signal.set_wakeup_fd(-1)
            for each, before in kept.items():
                signal.signal(each, before)
            os.close(reading)
            os.close(writing)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _start_due(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if not worker.runs and worker.due <= now:
                self._start(worker)

    def _start(self, worker: Worker) -> None:
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        supervisor = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        pid = os.fork()
        if not pid:
            self._be_worker(Lifeline(writing, supervisor), reading)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
        os.close(writing)
        now = time.monotonic()
        worker.pid, worker.pipe, worker.started, worker.heard, worker.serves = pid, reading, now, now, False

    def _be_worker(self, lifeline: Lifeline, reading: int) -> None:
        """The child's life. Never returns: what the supervisor would do when it ends is not the child's to do."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for each in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(each, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
            for end in (reading, *(each.pipe for each in self._workers if each.runs)):
                os.close(end)
            self.serve(lifeline)
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        except BaseException:
            log.exception("A worker ended by a bug.")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _listen(self, wake: int) -> None:
        """Wait for a signal, a beat, or the time at which something is due."""
        pipes = {each.pipe: each for each in self._workers if each.runs}
        with suppress(InterruptedError):
            for end in select.select([wake, *pipes], [], [], self._pause())[0]:
                told = os.read(end, 4096)
                if end in pipes and told:
                    pipes[end].heard = time.monotonic()
                    pipes[end].serves = True
        if not self._told and all(each.serves for each in self._workers):
            self._told = True
            self.on_ready()

    def _pause(self) -> float:
        waits = [each.due - time.monotonic() for each in self._workers if not each.runs]
        return min([float(BEAT_SECONDS), *(max(wait, 0.0) for wait in waits)])

    def _bury(self) -> None:
        """Take note of who died, and say when their places are filled again."""
        for worker in self._workers:
            if not worker.runs:
                continue
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if pid:
                self._buried(worker, os.waitstatus_to_exitcode(status))

    def _buried(self, worker: Worker, code: int) -> None:
        lived = time.monotonic() - worker.started
        pid, served = worker.pid, worker.serves
        os.close(worker.pipe)
        _forget(pid)
        worker.pid, worker.pipe, worker.serves = 0, -1, False
        if self._stopping:
            self._code = self._code or (1 if code == -signal.SIGKILL else 0)
            return
        if not (self._told or served):
            log.error("A worker could not start (exit code %d), so the others would not either.", code)
            self._code, self._stopping = code if code > 0 else 1, True
            return
        pause = PAUSES[min(worker.died_young, len(PAUSES) - 1)]
        worker.died_young = worker.died_young + 1 if lived < YOUNG_SECONDS else 1
        worker.due = time.monotonic() + pause
        metrics.worker_restarts.inc()
        log.error("Worker %d died (exit code %d) after %.0f s; another starts in %.1f s.", pid, code, lived, pause)

    def _cut_hanging(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.hangs(now):
                log.error("Worker %d has not been heard of for %.0f s; it is ended.", worker.pid, now - worker.heard)
                worker.heard = now  # once is enough
                self._signal(worker, signal.SIGKILL)

    def _let_go(self, wake: int) -> None:
        """Ask all to stop at once, wait, and kill who does not."""
        deadline = time.monotonic() + self.patience
        for worker in self._workers:
            self._signal(worker, signal.SIGTERM)
        while any(each.runs for each in self._workers):
            self._bury()
            if time.monotonic() > deadline:
                for worker in self._workers:
                    log.error("Worker %d did not stop in time; it is killed.", worker.pid)
                    self._signal(worker, signal.SIGKILL)
                deadline = float("inf")
            with suppress(InterruptedError):
                for end in select.select([wake], [], [], 0.05)[0]:
                    os.read(end, 4096)

    @staticmethod
    def _signal(worker: Worker, number: signal.Signals) -> None:
        if worker.runs:
            with suppress(ProcessLookupError):
                os.kill(worker.pid, number)


def _forget(pid: int) -> None:
    """Add up no more what a process has just now, as its open sockets; what it counted stays."""
    mark_process_dead(pid)  # type: ignore[no-untyped-call]  # the library leaves it unannotated


@contextmanager
def figures_added_up() -> Iterator[None]:
    """Serve so that a scrape of any worker tells of all.

    prometheus_client decides where figures live when it is imported, by the environment: so the very same command is
    run once more in this process's place, with a folder for them, which is removed at the end.
    """
    if not metrics.added_up():
        os.environ[metrics.FOLDER] = tempfile.mkdtemp(prefix=_FOLDER_PREFIX)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command
    folder = os.environ[metrics.FOLDER]
    try:
        yield
    finally:
        if Path(folder).name.startswith(_FOLDER_PREFIX):  # else it is somebody's own
            shutil.rmtree(folder, ignore_errors=True)
