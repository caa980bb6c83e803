"""The way to a safe connection: TLS that cannot be stripped, logins that never go in plaintext, names that fit."""

import asyncio
import base64
import socket
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from newsletter.smtp.client import SMTPClient
from newsletter.smtp.connect import ConnectError, connect
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import Security, SMTPServer, Timeouts
from tests.support.smtp_receiver import serving
from tests.support.smtp_runs import address, message_to
from tests.support.smtp_script import CLOSE, HANG, LEAVE, RESET, Authority, Script, authority, scripted

SHORT = Timeouts(connect=0.3, greeting=0.3)


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ca"))


async def agreed() -> bool:
    return True


LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


def carried(relay_address: SMTPServer, loop: str = "asyncio") -> object:
    async def go() -> object:
        relay = SMTPClient(relay_address, Timeouts())
        await relay.connect()
        answer = await relay.send(message_to("reader@example.com"), agreed)
        await relay.quit()
        return answer

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        return runner.run(go())


def refused(relay_address: SMTPServer, timeouts: Timeouts = SHORT) -> Reply:
    """What is said of it; no socket of it is open at that moment."""

    async def tried() -> Reply:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, asyncio.SelectorEventLoop)
        at_first = len(loop._selector.get_map())  # type: ignore[attr-defined]
        with pytest.raises(ConnectError) as caught:
            await connect(relay_address, timeouts)
        assert len(loop._selector.get_map()) == at_first  # type: ignore[attr-defined]
        return caught.value.reply

    return asyncio.run(tried())


def secure(script: Script, security: Security, ca: Authority, **more: str) -> SMTPServer:
    return replace(address(script.port, security, "localhost"), ca_file=ca.ca_file, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("loop", LOOPS)
def test_a_message_goes_over_starttls(ca: Authority, loop: str) -> None:
    with scripted(starttls=ca.server("localhost")) as script:
        answer = carried(secure(script, Security.STARTTLS, ca), loop)
    assert answer == Reply("dot", 250, "2.0.0", "queued")
    verbs = [line.partition(" ")[0] for line in script.commands]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize("loop", LOOPS)
def test_a_message_goes_over_tls_with_a_login(ca: Authority, loop: str) -> None:
    with scripted(tls=ca.server("localhost"), offers=("AUTH CRAM-MD5 PLAIN LOGIN",)) as script:
        answer = carried(secure(script, Security.TLS, ca, username="hong", password="비밀"), loop)
    assert answer == Reply("dot", 250, "2.0.0", "queued")
    login = base64.b64encode("\0hong\0비밀".encode()).decode()
    assert f"AUTH PLAIN {login}" in script.commands


def test_a_login_waits_for_tls(ca: Authority) -> None:
    with scripted(starttls=ca.server("localhost"), offers=("AUTH PLAIN", "PIPELINING")) as script:
        carried(secure(script, Security.STARTTLS, ca, username="hong", password="secret"))
    verbs = [line.partition(" ")[0] for line in script.commands]
    assert verbs[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]


def test_a_login_never_travels_in_plaintext() -> None:
    with scripted(offers=("AUTH PLAIN LOGIN CRAM-MD5",)) as script:
        reply = refused(replace(address(script.port), username="hong", password="secret"))
    assert (reply.stage, reply.code) == ("auth", 0)
    assert script.commands == []


def test_starttls_that_is_not_offered_is_not_gone_without(ca: Authority) -> None:
    with scripted() as script:
        assert refused(secure(script, Security.STARTTLS, ca)).stage == "starttls"
    assert not any(line.startswith("MAIL") for line in script.commands)


def test_what_is_slipped_in_before_tls_begins_is_not_believed(ca: Authority) -> None:
    async def offered(where: SMTPServer) -> frozenset[str]:
        opened = await connect(where, Timeouts())
        opened.protocol.abort()
        await asyncio.sleep(0)
        return opened.extensions

    slipped = "220 2.0.0 go on\r\n250-script.example.com\r\n250 XSLIPPED"
    with scripted({"starttls": [slipped]}, starttls=ca.server("localhost")) as script:
        extensions = asyncio.run(offered(secure(script, Security.STARTTLS, ca)))
    assert "XSLIPPED" not in extensions
    assert "8BITMIME" in extensions


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_for_another_name_is_refused(ca: Authority, security: Security) -> None:
    server = ca.server("relay.example.org")
    over = {"tls": server} if security is Security.TLS else {"starttls": server}
    with scripted(**over) as script:  # type: ignore[arg-type]
        reply = refused(secure(script, security, ca))
    assert reply.code == 0
    assert "certificate" in reply.text.lower()


def test_a_certificate_of_an_unknown_authority_is_refused(ca: Authority, tmp_path: Path) -> None:
    stranger = authority(tmp_path)
    with scripted(starttls=stranger.server("localhost")) as script:
        assert "certificate" in refused(secure(script, Security.STARTTLS, ca)).text.lower()


def self_signed(folder: Path, name: str) -> tuple[ssl.SSLContext, Path, str]:
    """A server that signed its own certificate, that certificate in a file, and its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, key_file = folder / "relay.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_file)
    return context, pem, certificate.fingerprint(hashes.SHA256()).hex(":").upper()


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_self_signed_certificate_is_told_with_its_fingerprint_and_can_be_trusted(
    security: Security, tmp_path: Path
) -> None:
    context, pem, fingerprint = self_signed(tmp_path, "localhost")
    over = {"tls": context} if security is Security.TLS else {"starttls": context}
    with scripted(**over) as script:  # type: ignore[arg-type]
        where = address(script.port, security, "localhost")
        reply = refused(where)
        assert fingerprint in reply.text
        assert "[smtp] ca_file" in reply.text
        assert f"localhost:{script.port}" in reply.text
        assert not any(line.startswith(("AUTH", "MAIL")) for line in script.commands)
        assert carried(replace(where, ca_file=pem)) == Reply("dot", 250, "2.0.0", "queued")


def test_a_certificate_of_a_private_authority_can_be_trusted_by_itself(ca: Authority, tmp_path: Path) -> None:
    with scripted(tls=ca.server("localhost")) as script:
        pem = tmp_path / "relay.pem"
        pem.write_text(ssl.get_server_certificate(("localhost", script.port)))
        where = replace(address(script.port, Security.TLS, "localhost"), ca_file=pem)
        assert carried(where) == Reply("dot", 250, "2.0.0", "queued")


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.PLAINTEXT])
def test_a_port_that_waits_for_tls_is_told_long_before_the_greeting_is_given_up(
    ca: Authority, security: Security
) -> None:
    hasty = Timeouts(silence=0.1)
    with scripted(tls=ca.server("localhost")) as script:
        reply = refused(address(script.port, security, "localhost"), hasty)
    assert (reply.stage, reply.code) == ("connect", 0)
    assert "smtps://" in reply.text
    usual = Timeouts().silence
    assert usual is not None
    assert usual + 4 < 10  # seconds, with the answer to the question


def test_a_relay_that_is_slow_to_greet_is_waited_for() -> None:
    asked = threading.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = not asked.is_set()
        if first:
            # The question is a second connection, which this relay does not answer before the first is over.
            asked.set()
            await asyncio.sleep(0.4)
            writer.write(b"220 slow.example.com\r\n")
            while line := await reader.readline():
                writer.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")
        else:
            await reader.read()

    async def go(port: int) -> frozenset[str]:
        opened = await connect(address(port), Timeouts(silence=0.1))
        opened.protocol.abort()
        await asyncio.sleep(0)
        return opened.extensions

    with serving(slow) as port:
        assert asyncio.run(go(port)) == frozenset()


@pytest.mark.parametrize("code", [500, 501, 502, 504])
def test_helo_where_ehlo_is_refused(code: int) -> None:
    with scripted(always={"ehlo": f"{code} 5.5.1 what is that"}) as script:
        assert carried(address(script.port)) == Reply("dot", 250, "2.0.0", "queued")
    verbs = [line.partition(" ")[0] for line in script.commands]
    assert verbs == ["EHLO", "HELO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_no_helo_where_tls_or_a_login_is_needed(ca: Authority) -> None:
    with scripted(always={"ehlo": "502 5.5.1 what is that"}, starttls=ca.server("localhost")) as script:
        assert refused(secure(script, Security.STARTTLS, ca)).code == 502
    with scripted(always={"ehlo": "502 5.5.1 what is that"}, tls=ca.server("localhost")) as secured:
        assert refused(secure(secured, Security.TLS, ca, username="hong", password="secret")).code == 502
    assert not any(line.startswith("HELO") for line in script.commands + secured.commands)


class OldLogin:
    """A relay that takes each part of a login when it has asked for it, and ignores an initial response."""

    def __init__(self, mechanism: str) -> None:
        self.mechanism = mechanism
        self.login: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 old.example.com\r\n")
        while line := await reader.readline():
            if line.startswith(b"EHLO"):
                writer.write(f"250-old.example.com\r\n250 AUTH {self.mechanism}\r\n".encode())
            elif line.startswith(b"AUTH LOGIN"):
                for question in (b"Username:", b"Password:"):
                    writer.write(b"334 " + base64.b64encode(question) + b"\r\n")
                    self.login.append(base64.b64decode(await reader.readline()))
                writer.write(b"235 2.7.0 welcome\r\n" if self.login == [b"hong", b"secret"] else b"535 5.7.8 no\r\n")
            elif line.startswith(b"AUTH PLAIN"):
                writer.write(b"334\r\n")
                self.login.append(base64.b64decode(await reader.readline()))
                writer.write(b"235 2.7.0 welcome\r\n")
            else:
                writer.write(b"250 ok\r\n")


@pytest.mark.parametrize(("mechanism", "login"), [("LOGIN", [b"hong", b"secret"]), ("PLAIN", [b"\0hong\0secret"])])
def test_a_relay_that_ignores_an_initial_response_gets_each_part_when_it_asks(
    ca: Authority, mechanism: str, login: list[bytes]
) -> None:
    old = OldLogin(mechanism)

    async def go(port: int) -> None:
        where = address(port, Security.TLS, "localhost")
        opened = await connect(replace(where, ca_file=ca.ca_file, username="hong", password="secret"), Timeouts())
        opened.protocol.abort()
        await asyncio.sleep(0)

    with serving(old.serve, ca.server("localhost")) as port:
        asyncio.run(go(port))
    assert old.login == login


def test_tls_1_1_is_refused(ca: Authority) -> None:
    server = ca.server("localhost")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        server.minimum_version = server.maximum_version = ssl.TLSVersion.TLSv1_1
    with scripted(tls=server) as script:
        assert refused(secure(script, Security.TLS, ca)).stage == "connect"


@pytest.mark.parametrize("stage", ["banner", "ehlo", "starttls", "auth"])
@pytest.mark.parametrize(
    "fault", [CLOSE, RESET, HANG, "what?", "554 5.7.1 go away", "421 4.3.2 busy", f"{LEAVE}421 4.3.2 x"]
)
def test_whatever_goes_wrong_before_a_message_says_where(ca: Authority, stage: str, fault: str) -> None:
    always = {stage: fault}
    with scripted(always=always, starttls=ca.server("localhost"), offers=("AUTH PLAIN",)) as script:
        reply = refused(secure(script, Security.STARTTLS, ca, username="hong", password="secret"))
    assert reply.stage == {"banner": "connect"}.get(stage, stage)
    assert reply.code == (int(fault.removeprefix(LEAVE)[:3]) if "4" in fault else 0)
    assert reply.text
    assert "secret" not in reply.text


def test_nobody_at_the_port_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    reply = refused(address(port))
    assert (reply.stage, reply.code) == ("connect", 0)
    assert reply.text == "nobody answers at this host and port; look at [smtp] url"


def test_a_port_without_tls_is_told_from_one_with(ca: Authority) -> None:
    with scripted() as script:
        reply = refused(secure(script, Security.TLS, ca))
    assert (reply.stage, reply.code) == ("connect", 0)
    assert "STARTTLS" in reply.text


def test_ehlo_gives_a_full_name_or_an_address_literal() -> None:
    with scripted() as script:
        carried(address(script.port))
    name = script.commands[0].removeprefix("EHLO ")
    assert name.startswith("[127.0.0.1]") or "." in name
    assert "localhost" not in name
