"""Stands in for http.c where no compiler is: the same arguments and the same line of JSON, from several processes."""

import http.client
import json
import multiprocessing
import resource
import sys
import time
from pathlib import Path
from typing import Any

PROCESSES = 4
NOT_MODIFIED = 304


def _loop(port: int, path: str, until: float, most: int, bodies: list[bytes], headers: dict[str, str]) -> list[Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    took, bad, same, size, number = [], 0, 0, 0, 0
    while time.monotonic() < until and number < most:
        started = time.monotonic()
        connection.request("POST", path, bodies[number % len(bodies)], headers)
        answer = connection.getresponse()
        body = answer.read()
        took.append(time.monotonic() - started)
        same += answer.status == NOT_MODIFIED
        bad += answer.status not in {200, NOT_MODIFIED} or body.startswith(b'{"errors"')
        size += len(body)
        number += 1
    return [took, bad, same, size]


def main() -> None:
    """As http.c does it; the number of connections is at most that of the processes."""
    port, path, connections, seconds, most = (int(sys.argv[1]), sys.argv[2], *map(float, sys.argv[3:6]))
    bodies = Path(sys.argv[6]).read_bytes().splitlines()
    lines = Path(sys.argv[7]).read_text(encoding="utf-8").splitlines()
    headers = dict(line.split(": ", 1) for line in lines) | {"Content-Type": "application/json"}
    began, several = time.monotonic(), min(PROCESSES, int(connections))
    with multiprocessing.get_context("fork").Pool(several) as pool:
        asked = [
            (int(port), path, began + seconds, int(most) // several, bodies[each::several] or bodies, headers)
            for each in range(several)
        ]
        found = pool.starmap(_loop, asked)
        pool.close()
        pool.join()
    took = sorted(each for one in found for each in one[0])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "requests": len(took),
        "bad": sum(one[1] for one in found),
        "not_modified": sum(one[2] for one in found),
        "bytes": sum(one[3] for one in found),
        "seconds": time.monotonic() - began,
        "p50_ms": took[len(took) // 2] * 1e3 if took else 0,
        "p99_ms": took[len(took) * 99 // 100] * 1e3 if took else 0,
        "cpu_s": used.ru_utime + used.ru_stime,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
