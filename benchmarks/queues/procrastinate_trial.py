"""What procrastinate's worker does where ours has promises to keep: a server restart, a sleeping worker, a wrong clock.

    python -m venv build/queues && build/queues/bin/pip install --no-deps --require-hashes -r requirements/server.txt
    build/queues/bin/pip install 'procrastinate==3.10.0'
    python benchmarks/queues/procrastinate_trial.py build/queues/bin/python

Its worker runs as it comes (heartbeat 10 s, stalled after 30 s) against a PostgreSQL of its own, which is stopped for
20 seconds by `pg_ctl -m immediate`. Takes five minutes, most of it waiting. Touches: processes, a temporary folder.
Limits: PostgreSQL refuses root, so as root its programs run as the user `postgres`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

HERE = Path(__file__).resolve().parent
STALLED_SECONDS = 30
DOWN_SECONDS = 20
OURS = "import newsletter.workflow.send, newsletter.workflow.steps.run, psycopg"


@dataclass(frozen=True)
class Trial:
    """A server that can be stopped and started, and the Python that has procrastinate."""

    python: Path
    root: Path
    postgres: Path

    @property
    def dsn(self) -> str:
        return f"host={self.root} dbname=postgres user=postgres"

    def program(self, *words: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        name, *rest = words
        command = [*as_postgres, str(self.postgres / name), "-D", f"{self.root}/data", *rest]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.root)

    def start(self) -> None:
        self.program("pg_ctl", "-w", "-l", f"{self.root}/log", "-o", f"-k {self.root} -c listen_addresses=", "start")

    def stop(self) -> None:
        self.program("pg_ctl", "-w", "-m", "immediate", "stop")

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str) -> object:
        rows = self.ask(statement)
        return rows[0][0] if rows else None

    def environ(self, **more: str) -> Mapping[str, str]:
        return {**os.environ, "TRIAL_DSN": self.dsn, "PYTHONPATH": str(HERE), **more}

    def run(self, *words: str) -> None:
        command = [str(self.python), "-m", "procrastinate", "--app", "procrastinate_app.app", *words]
        subprocess.run(command, env=self.environ(), check=True, capture_output=True)

    def defer(self, job: str, seconds: float) -> None:
        self.run("defer", "long", f'{{"job": "{job}", "seconds": {seconds}}}')

    @contextmanager
    def worker(self, name: str, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
        command = [str(self.python), "-m", "procrastinate", "--app", "procrastinate_app.app", "worker"]
        with (self.root / f"{name}.log").open("ab") as log:
            at_work = subprocess.Popen(command, env=self.environ(TRIAL_NAME=name, **environ), stdout=log, stderr=log)
        try:
            yield at_work
        finally:
            at_work.send_signal(signal.SIGCONT)
            at_work.kill()
            at_work.wait()

    def last_words(self, name: str) -> str:
        lines = (self.root / f"{name}.log").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


@contextmanager
def server(python: Path) -> Iterator[Trial]:
    newest = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    root = Path(tempfile.mkdtemp(prefix="procrastinate-trial-"))
    if os.geteuid() == 0:
        shutil.chown(root, "postgres", "postgres")
    trial = Trial(python, root, newest)
    trial.program("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8")
    trial.start()
    try:
        trial.run("schema", "--apply")
        trial.ask("CREATE TABLE notes (at timestamptz DEFAULT clock_timestamp(), what text, job text, who text)")
        yield trial
    finally:
        trial.stop()
        shutil.rmtree(root, ignore_errors=True)


def wait(trial: Trial, statement: str, seconds: float) -> float | None:
    """How many seconds until the statement answers with a row; None where it does not within so many."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if trial.ask(statement):
            return time.monotonic() - begun
        time.sleep(0.05)
    return None


def say(words: str) -> None:
    print(words, flush=True)


def restarted(trial: Trial) -> None:
    say(f"## the server away for {DOWN_SECONDS} s: one job at work whose end falls into it, one handed in afterwards")
    with trial.worker("A") as worker:
        trial.defer("during", 5)
        wait(trial, "SELECT 1 FROM notes WHERE job = 'during'", 30)
        trial.stop()
        time.sleep(DOWN_SECONDS)
        trial.start()
        back = time.monotonic()
        say(f"the worker's exit code when the server is back: {worker.poll()}; it last said: {trial.last_words('A')}")
        trial.defer("after", 0)
        waited = wait(trial, "SELECT 1 FROM notes WHERE job = 'after' AND what = 'ended'", 90)
        say(f"the later job was done after {'never' if waited is None else round(waited, 1)} s of waiting for it")
        time.sleep(max(0.0, 60 - (time.monotonic() - back)))
        say(f"exit code a minute later: {worker.poll()}")
        rows = trial.ask("SELECT args->>'job', status::text, attempts FROM procrastinate_jobs ORDER BY id")
        say(f"jobs: {rows}; what they noted: {trial.ask('SELECT what, job, who FROM notes ORDER BY at')}")


def asleep(trial: Trial) -> None:
    say("## a worker stopped (SIGSTOP) in its job, past its heartbeat; the job is given to another; the first wakes up")
    trial.ask("TRUNCATE notes")
    job = "SELECT status::text, attempts, worker_id FROM procrastinate_jobs WHERE args->>'job' = 'asleep'"
    with trial.worker("A") as first:
        trial.defer("asleep", 15)
        wait(trial, "SELECT 1 FROM notes WHERE job = 'asleep'", 30)
        first.send_signal(signal.SIGSTOP)
        with trial.worker("B"):
            time.sleep(STALLED_SECONDS + 12)
            say(f"{STALLED_SECONDS + 12} s later, nothing done by hand: {trial.ask(job)}")
            again = (
                "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs WHERE id IN "
            )
            trial.ask(f"{again} (SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND args->>'job' = 'asleep')")
            wait(trial, "SELECT 1 FROM notes WHERE job = 'asleep' AND what = 'begun' AND who = 'B'", 30)
            say(f"given back by retry_job, as its manual says, and begun by B: {trial.ask(job)}")
            first.send_signal(signal.SIGCONT)
            wait(trial, "SELECT 1 FROM notes WHERE job = 'asleep' AND what = 'ended' AND who = 'A'", 30)
            time.sleep(1)
            say(f"A has woken up and ended it, B is still in it: {trial.ask(job)}")
            wait(trial, "SELECT 1 FROM notes WHERE job = 'asleep' AND what = 'ended' AND who = 'B'", 30)
            time.sleep(1)
            say(f"B has ended it, too: {trial.ask(job)}; B said: {trial.last_words('B')}")
    say(f"noted: {trial.ask('SELECT what, who FROM notes ORDER BY at')}")


def wrong_clock(trial: Trial) -> None:
    say("## a tick each minute on a machine whose clock is 10 minutes fast, then on one that is right")
    for name, by in (("fast", 600), ("right", 0), ("slow", -600)):
        trial.ask("TRUNCATE notes")
        with trial.worker(name, TRIAL_CLOCK=str(by), TRIAL_CRON="* * * * *"):
            wait(trial, "SELECT 1 FROM notes WHERE what = 'tick'", 20)
            ticks = trial.ask("SELECT round(extract(epoch FROM at)) - job::numeric FROM notes WHERE what = 'tick'")
            say(f"{name}: tick done so many seconds after its time, by the database: {[int(str(t[0])) for t in ticks]}")
    say("## a daily tick whose machine comes back 9 and 11 minutes after it")
    for name, late in (("nine", 9), ("eleven", 11)):
        trial.ask("TRUNCATE notes")
        at = datetime.now(UTC) - timedelta(minutes=late)
        with trial.worker(name, TRIAL_CRON=f"{at.minute} {at.hour} * * *"):
            waited = wait(trial, "SELECT 1 FROM notes WHERE what = 'tick'", 20)
            say(f"{late} minutes late: {'dropped' if waited is None else 'done'}")


def cost(trial: Trial) -> None:
    say("## what it costs")
    for label, code in (
        ("procrastinate and its connector alone", "import psycopg, procrastinate, psycopg_pool"),
        ("what our `send` loads", OURS),
        ("the same with procrastinate", f"{OURS}, procrastinate, psycopg_pool"),
    ):
        best, modules = 99.0, ""
        for _ in range(10):
            begun = children_cpu()
            told = subprocess.run(
                [trial.python, "-c", f"{code}\nimport sys; print(len(sys.modules))"],
                env={**os.environ, "PYTHONPATH": str(HERE.parents[1] / "src")},
                check=True,
                capture_output=True,
                text=True,
            )
            taken = children_cpu() - begun
            best, modules = min(best, taken), told.stdout.strip()
        say(f"{label}: {modules} modules, {best:.2f} CPU s at best of 10")
    with trial.worker("idle") as worker:
        time.sleep(15)
        commits = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'postgres'"
        links = trial.one(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        before, ticks = int(str(trial.one(commits))), cpu(worker.pid)
        time.sleep(60)
        say(f"idle for 60 s: {int(str(trial.one(commits))) - before} transactions, {cpu(worker.pid) - ticks:.2f} CPU s")
        say(f"connections that it holds: {links}")


def children_cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


def cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    with server(Path(sys.argv[1]).absolute()) as trial:
        restarted(trial)
        asleep(trial)
        wrong_clock(trial)
        cost(trial)


if __name__ == "__main__":
    main()
