"""Sends one message many times with stock aiosmtplib over several connections, and prints what it took, as JSON.

    python by_aiosmtplib.py PORT MESSAGES CONNECTIONS EML message|bytes

`message`: an EmailMessage a recipient by `send_message`, as its documentation shows; `bytes`: ready bytes by
`sendmail`.
Touches: the network.
"""

import asyncio
import json
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtplib import SMTP
from letter import SENDER


async def send(port: int, count: int, connections: int, data: bytes, *, as_bytes: bool) -> None:
    message = message_from_bytes(data, policy=policy.SMTP)
    numbers = iter(range(count))

    async def work() -> None:
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
            for number in numbers:
                recipient = f"reader{number}@example.com"
                if as_bytes:
                    await smtp.sendmail(SENDER, [recipient], data)
                else:
                    await smtp.send_message(message, sender=SENDER, recipients=[recipient])

    await asyncio.gather(*(work() for _ in range(connections)))


def main() -> int:
    port, count, connections = (int(word) for word in sys.argv[1:4])
    data = Path(sys.argv[4]).read_bytes()
    began, cpu = time.perf_counter(), time.process_time()
    asyncio.run(send(port, count, connections, data, as_bytes=sys.argv[5] == "bytes"))
    found = {"messages": count, "seconds": time.perf_counter() - began, "cpu_s": time.process_time() - cpu}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
