"""A small HTTP client for load: keep-alive, its own cost known.

Run as ``python -m bench.desk.client HOST PORT PATH TOKEN BODIES RATE SECONDS CONNECTIONS``; it
prints JSON. Requests are due at fixed moments; a latency counts from the moment that a request
was due, so a slow server cannot make the load lighter (no coordinated omission). RATE 0 sends
as fast as answers come.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path


class Load:
    """Requests over some connections, each due at its moment."""

    def __init__(self, where: tuple[str, int, str], token: str, bodies: list[bytes],
                 rate: float, seconds: float) -> None:  # fmt: skip
        self.host, self.port, self.path = where
        self.head = f"Host: {self.host}\r\nAuthorization: Bearer {token}\r\n"
        self.bodies, self.rate, self.seconds = bodies, rate, seconds
        self.latencies: list[float] = []
        self.statuses: dict[int, int] = {}
        self.sent = 0
        self.began = 0.0

    def due(self) -> tuple[int, float] | None:
        """The next request's number and moment, or None at the end."""
        number = self.sent
        now = time.perf_counter() - self.began
        at = number / self.rate if self.rate else now
        if at >= self.seconds:
            return None
        self.sent += 1
        return number, self.began + at

    async def connection(self) -> None:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        while (asked := self.due()) is not None:
            number, moment = asked
            wait = moment - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            body = self.bodies[number % len(self.bodies)] if self.bodies else b""
            verb = "POST" if body else "GET"
            kind = "Content-Type: application/json\r\n" if body else ""
            writer.write(
                f"{verb} {self.path} HTTP/1.1\r\n{self.head}{kind}"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            status = await self.answer(reader)
            self.latencies.append(time.perf_counter() - moment)
            self.statuses[status] = self.statuses.get(status, 0) + 1
        writer.close()

    @staticmethod
    async def answer(reader: asyncio.StreamReader) -> int:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        length = next(int(line.split(b":")[1]) for line in lines
                      if line.lower().startswith(b"content-length:"))  # fmt: skip
        await reader.readexactly(length)
        return int(lines[0].split()[1])

    async def run(self, connections: int) -> None:
        self.began = time.perf_counter()
        await asyncio.gather(*(self.connection() for _ in range(connections)))


def main() -> None:
    host, port, path, token, bodies, rate, seconds, connections = sys.argv[1:]
    asked = [json.dumps(one).encode() for one in json.loads(Path(bodies).read_text())]
    load = Load((host, int(port), path), token, asked, float(rate), float(seconds))
    before = time.perf_counter()
    asyncio.run(load.run(int(connections)))
    wall = time.perf_counter() - before
    held = sorted(load.latencies)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "answers": len(held), "per_second": len(held) / wall, "statuses": load.statuses,
        "p50_ms": 1000 * held[len(held) // 2], "p99_ms": 1000 * held[int(len(held) * 0.99)],
        "max_ms": 1000 * held[-1],
        "client_cpu_ms_each": 1000 * (used.ru_utime + used.ru_stime) / len(held),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
