"""The receiver of the tests itself: what it leaves open would be told of another test."""

import asyncio
import gc
import socket

from tests.support.smtp_receiver import serving


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 receiver.example.com ESMTP\r\n")
    await reader.readline()


def test_who_connects_at_its_end_is_closed_with_it() -> None:
    """Warnings are errors, so a socket that nobody closed is a failure."""
    for _ in range(200):
        with serving(greet) as port:
            guest = socket.create_connection(("127.0.0.1", port))
        guest.close()
    gc.collect()
