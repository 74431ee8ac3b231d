"""What ./run does. Only the standard library: this runs before anything is installed."""

import signal
import sys

from check import bench, build, lint, test
from locks import lock
from say import Stop
from serve import serve

HELP = """\
Stageline: ./run sets up what is missing (.venv, web/node_modules, web/dist) and goes on.

  ./run [--port 8000] [--host 127.0.0.1] [--data-dir .data]
                         the sample company on SQLite, served; prints addresses and sign-ins
  ./run test             every check: ruff, mypy, Biome, TypeScript, Vitest, pytest with PostgreSQL, Redis, a browser
  ./run test ARGUMENTS   only pytest, with these arguments: ./run test tests/domain -k gates
  ./run bench [CLAIM …]  every aim of speed measured beside its limits and peers: bench/README.md
  ./run lint             only the checks that read the code without running it
  ./run build            only the web pages, as packing a wheel wants them
  ./run lock [--upgrade] the Python locks anew, from pyproject.toml (needs uv)
  ./run help             this

Everything else is the command .venv/bin/stageline (stageline --help): serve, migrate, import, user, doctor.
Environment: PYTHON (makes .venv), CHROMIUM (the browser that tests drive), STAGELINE_… (README.md, Settings).
To begin again: remove .venv, web/node_modules and web/dist; .data holds the sample company's database.
"""


def main(words: list[str]) -> int:
    """Run one command; what it returns is the exit code."""
    if {"help", "-h", "--help"} & set(words[:1]):
        print(HELP, end="")
        return 0
    commands = {"bench": bench, "test": test, "lint": lint, "build": build, "lock": lock, "serve": serve}
    if words and not words[0].startswith("-") and words[0] not in commands:
        raise Stop(f"./run has no command {words[0]!r}. ./run --help says what there is.")
    command = commands.get(words[0]) if words else None
    return command(words[1:]) if command else serve(words)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as sentence:
        print(sentence, file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"{error.filename or 'A file'}: {error.strerror}. Mend that, then type ./run again.", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nInterrupted. Type ./run again: it goes on, and makes anew what was left half done.", file=sys.stderr)
        sys.exit(130)
