"""The jobs that `procrastinate_trial.py` has procrastinate's own worker run; started in an environment that has it.

    TRIAL_DSN=… TRIAL_CLOCK=seconds python -m procrastinate --app procrastinate_app.app worker

Touches: the database of the trial, where each job notes its beginning and its end with the database's time. Limits:
TRIAL_CLOCK moves `time.time`, the one clock that procrastinate's ticks go by, and no other.
"""

import asyncio
import os
import time

import procrastinate
import psycopg

DSN = os.environ["TRIAL_DSN"]
NAME = os.environ.get("TRIAL_NAME", "")
_right_time = time.time
_wrong_by = float(os.environ.get("TRIAL_CLOCK", "0"))
time.time = lambda: _right_time() + _wrong_by

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=DSN))


def note(what: str, job: str) -> None:
    """One durable row; tried until the database takes it, as a job that sends would have to."""
    while True:
        try:
            with psycopg.connect(DSN, autocommit=True) as connection:
                connection.execute("INSERT INTO notes (what, job, who) VALUES (%s, %s, %s)", (what, job, NAME))
        except psycopg.OperationalError:
            time.sleep(0.2)
        else:
            return


async def long_job(job: str, seconds: float) -> None:
    note("begun", job)
    await asyncio.sleep(seconds)
    note("ended", job)


async def tick(timestamp: int) -> None:
    note("tick", str(timestamp))


long_task = app.task(name="long")(long_job)
if os.environ.get("TRIAL_CRON"):
    app.periodic(cron=os.environ["TRIAL_CRON"])(app.task(name="tick")(tick))
