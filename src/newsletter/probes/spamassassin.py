"""What a local SpamAssassin says of a message, without the network and without what it has learnt from other mail.

Touches: the program `spamassassin`, or `spamc` where only that is installed (it asks a spamd, whose own settings hold).
"""

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.catalogue import Verbatim, phrase
from newsletter.check.outside import SpamReport, SpamTest
from newsletter.errors import UnavailableError
from newsletter.settings.system_reason import system_reason

_SECONDS = 60
_TOTAL = re.compile(r"^Content analysis details:\s+\((-?[\d.]+) points", re.MULTILINE)
_TEST = re.compile(r"^[ ]?(-?\d+\.\d+)[ ]+(\w+)[ ]+(.*(?:\n {20,}\S.*)*)", re.MULTILINE)
_INSTALL = phrase("probes.spamassassin.install_it")


def find_spamassassin() -> list[str]:
    """The command that reads a message and writes a report; UnavailableError (69) where there is none."""
    if program := shutil.which("spamassassin"):
        return [program, "--local", "--test-mode", "--nocreate-prefs", "--cf=use_bayes 0"]
    if program := shutil.which("spamc"):
        # -R: the report alone; -x: fail where there is no spamd, rather than hand the message back unread.
        return [program, "-R", "-x"]
    raise UnavailableError(phrase("probes.spamassassin.is_not_installed"), hint=_INSTALL)


def spam_report(message: bytes, *, seconds: float = _SECONDS) -> SpamReport:
    """Its opinion of a whole message; UnavailableError (69) where it is not there, fails, or takes longer than that."""
    command = find_spamassassin()
    program = Path(command[0]).name
    with TemporaryDirectory() as home:
        # A home of its own: neither a person's settings nor what was learnt from their mail may count.
        environ = {"HOME": home, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        try:
            ended = subprocess.run(  # noqa: S603 - a fixed command; the message goes to its standard input
                command, input=message, capture_output=True, check=False, env=environ, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            raise UnavailableError(
                phrase("probes.spamassassin.is_silent", program=program, seconds=f"{seconds:g}"),
                hint=phrase("probes.spamassassin.try_again"),
            ) from None
        except OSError as error:
            raise UnavailableError(
                phrase("probes.spamassassin.cannot_run", program=program, why=system_reason(error)), hint=_INSTALL
            ) from error
    said = ended.stdout.decode("utf-8", "replace")
    report = _read(said)
    if report is None:
        words = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        why = Verbatim(words[-1]) if words else phrase("probes.spamassassin.gave_no_report")
        raise UnavailableError(
            phrase("probes.spamassassin.failed", program=program, why=why),
            hint=phrase("probes.spamassassin.try_by_hand"),
        )
    return report


def _read(said: str) -> SpamReport | None:
    totals = list(_TOTAL.finditer(said))
    if not totals:
        return None
    total = totals[-1]  # a letter may hold such a line of its own, and the report comes after it
    tests = [SpamTest(row[2], float(row[1]), " ".join(row[3].split())) for row in _TEST.finditer(said, total.end())]
    return SpamReport(float(total[1]), tuple(sorted(tests, key=lambda test: -test.points)))
