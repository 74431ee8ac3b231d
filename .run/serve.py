"""`./run`: the sample company, served; what can be known beforehand to go wrong is said before anything is set up."""

import argparse
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import NoReturn

import node_env
import python_env
from say import ROOT, Stop
from turn import turn

LAST_PORT = 65535
LEAST_SPACE = 100 << 20  # bytes that the sample company and its growth want


def serve(words: list[str]) -> NoReturn:
    """Set up what is missing, then become the server. Does not return."""
    asked = _arguments(words)
    data = Path(asked.data_dir).expanduser().resolve()
    _port_free(asked.host, asked.port)
    _writable(data)
    with turn():
        python_env.ready()
        node_env.web()
    os.chdir(ROOT)
    command = ["-m", "server", "demo", "--host", asked.host, "--port", str(asked.port), "--data-dir", str(data)]
    os.execv(python_env.PYTHON, [str(python_env.PYTHON), *command])  # noqa: S606 - the words are ours, no shell reads them


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", add_help=False)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data-dir", default=ROOT / ".data")
    return parser.parse_args(words)


def _port_free(host: str, port: int) -> None:
    if not 0 <= port <= LAST_PORT:
        raise Stop(f"There is no port {port}: a port is a number from 1 to {LAST_PORT}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Stop(
            f"Cannot listen on port {port} of {host}: {error.strerror}. "
            f"End what uses it, or take another one: ./run --port {port + 1}"
        ) from error


def _writable(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
        free = shutil.disk_usage(data).free
    except OSError as error:
        raise Stop(
            f"The data folder {data} cannot be written: {error.strerror}. Name another one: ./run --data-dir FOLDER"
        ) from error
    if free < LEAST_SPACE:
        raise Stop(
            f"The disk that holds {data} has only {free >> 20} MiB left; Stageline wants {LEAST_SPACE >> 20}. "
            "Make room, or name a folder on another disk: ./run --data-dir FOLDER"
        )
