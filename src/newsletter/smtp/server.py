"""Where the relay is, how safely we speak to it and how long we wait for it (docs/design.md 4.1 [smtp]).

Touches: the file of certificates. The grammar of the URL is checked where settings are read.
Limits: TLS towards anything that is not loopback, unless "plaintext" is said; a login never without TLS.
"""

import ipaddress
import re
import ssl
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, unquote, urlsplit

from newsletter.catalogue import SILENCE, Phrase, Said, phrase
from newsletter.errors import Problem, SettingsError
from newsletter.settings.load import FILE
from newsletter.settings.model import Settings, SmtpTable
from newsletter.settings.system_reason import system_reason
from newsletter.settings.values import is_loopback

_PORTS = {"smtp": 587, "smtps": 465}
"""Submission with STARTTLS, and submission over TLS (RFC 8314 3)."""

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.?")
"""Underscores are no host names by the book, but the names of containers have them."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each step of SMTP may take (RFC 5321 4.5.3.2), in seconds.

    One short timeout for everything manufactures doubt: a relay that scans a message for two minutes after the dot has
    it.
    """

    connect: float = 30
    """One address of the relay; TCP itself would try for two minutes."""
    silence: float | None = 5
    """Without a greeting; then it is asked whether the port waits for TLS, and the greeting is waited for meanwhile.
    None: never."""
    greeting: float = 300
    """Also EHLO, STARTTLS and each step of AUTH, for which the RFC names no figure."""
    mail: float = 300
    rcpt: float = 300
    data: float = 120
    """Until 354."""
    block: float = 180
    """Until the relay has taken a piece of the body."""
    dot: float = 600
    """Until the reply to the end of data: the relay may be scanning or storing."""
    reset: float = 30
    """RSET and QUIT decide about nothing, so a relay that hangs there is simply left."""


class Security(StrEnum):
    PLAINTEXT = "plaintext"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SMTPServer:
    """A relay, as the settings name it. `str()` is fit for a log: it never shows the login."""

    host: str
    port: int
    security: Security
    username: str = ""
    """Empty: no login."""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    """None: the certificates the system trusts; else only these."""

    @classmethod
    def from_settings(cls, settings: Settings, root: Path = Path()) -> "SMTPServer":
        """Understand `[smtp]`; `root` is the workspace that `ca_file` is relative to. Raises SettingsError (78)."""
        try:
            return cls._understood(settings.smtp, root)
        except SettingsError as error:
            named = [replace(problem, file=settings.variable(problem.path) or FILE) for problem in error.problems]
            raise SettingsError(problems=named) from None

    @classmethod
    def _understood(cls, smtp: SmtpTable, root: Path) -> "SMTPServer":
        url = urlsplit(smtp.url)
        host, port = _host(url), url.port or _PORTS[url.scheme]
        security = _security(url.scheme, host, smtp)
        username, password = _login(url, smtp, security)
        ca_file = _ca_file(smtp, root)
        return cls(host, port, security, username, password, ca_file)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'smtps' if self.security is Security.TLS else 'smtp'}://{host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext | None:
        """Certificates and the host's name verified, TLS 1.2 and up (RFC 8996); None for plaintext."""
        if self.security is Security.PLAINTEXT:
            return None
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=self.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.ca_file is not None:
            # A relay's own certificate in that file is trusted as it is, whoever signed it.
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return context


def account_of(smtp: SmtpTable) -> str:
    """Whom the relay counts for when it counts by the hour or day: `user@host`, or the host where nobody logs in."""
    url = urlsplit(smtp.url)
    host = (url.hostname or "").rstrip(".")
    return f"{unquote(url.username)}@{host}".lower() if url.username else host


def _refuse(message: Phrase, hint: Said = SILENCE, path: str = "smtp.url") -> NoReturn:
    raise SettingsError(problems=[Problem(message, path=path, hint=hint)])


def _host(url: SplitResult) -> str:
    """The host as it is looked up: an IP address, or a name in ASCII."""
    host = url.hostname or ""
    if ":" in host:
        return host if _is_ip(host) else _refuse(phrase("smtp.server.no_ipv6_address", host=host))
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    return name if _HOST.fullmatch(name) else _refuse(phrase("smtp.server.no_host_name", host=repr(host)))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _security(scheme: str, host: str, smtp: SmtpTable) -> Security:
    if scheme == "smtps":
        if smtp.tls == "plaintext":
            _refuse(phrase("smtp.server.smtps_in_plaintext"), path="smtp.tls")
        return Security.TLS
    if smtp.tls == "plaintext" or (smtp.tls is None and is_loopback(host)):
        return Security.PLAINTEXT
    return Security.STARTTLS


def _login(url: SplitResult, smtp: SmtpTable, security: Security) -> tuple[str, str]:
    username = unquote(url.username or "")
    if not username:
        # A password without a user is nobody's login: it is not sent anywhere.
        return "", ""
    if security is Security.PLAINTEXT:
        _refuse(phrase("smtp.server.login_in_plaintext"), phrase("smtp.server.make_the_login_safe"))
    password = smtp.password.get_secret_value() if smtp.password else ""
    if not password:
        _refuse(phrase("smtp.server.no_password"), phrase("smtp.server.give_the_password"))
    if "\0" in username + password:
        _refuse(phrase("smtp.server.nul_in_login"))
    return username, password


def _ca_file(smtp: SmtpTable, root: Path) -> Path | None:
    if not smtp.ca_file:
        return None
    path = root / smtp.ca_file
    try:
        ssl.create_default_context(cafile=path)
    except FileNotFoundError:
        _refuse(phrase("smtp.server.no_such_file", file=smtp.ca_file), path="smtp.ca_file")
    except (ssl.SSLError, OSError) as error:
        wrong = phrase("smtp.server.no_certificates", file=smtp.ca_file, reason=system_reason(error))
        _refuse(wrong, path="smtp.ca_file")
    return path
