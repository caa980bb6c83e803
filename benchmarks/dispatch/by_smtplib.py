"""Sends one message many times with the standard library's smtplib in threads, and prints what it took, as JSON.

    python by_smtplib.py PORT MESSAGES THREADS EML

Each thread keeps one connection; the message is parsed once and sent as most scripts do, by `send_message`.
Touches: the network.
"""

import json
import smtplib
import sys
import threading
import time
from email import message_from_bytes, policy
from pathlib import Path

from letter import SENDER


def main() -> int:
    port, count, threads = (int(word) for word in sys.argv[1:4])
    message = message_from_bytes(Path(sys.argv[4]).read_bytes(), policy=policy.SMTP)
    numbers = iter(range(count))
    lock = threading.Lock()

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                smtp.send_message(message, SENDER, [f"reader{number}@example.com"])

    began, cpu = time.perf_counter(), time.process_time()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = {"messages": count, "seconds": time.perf_counter() - began, "cpu_s": time.process_time() - cpu}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
