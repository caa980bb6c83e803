"""The way to a safe connection: TLS that cannot be stripped, logins that never go in plaintext, names that fit."""

import asyncio
import base64
import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
import uvloop

from newsletter.smtp.client import SMTPClient
from newsletter.smtp.connect import ConnectError, connect
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import Security, SMTPServer, Timeouts
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
    with pytest.raises(ConnectError) as caught:
        asyncio.run(connect(relay_address, timeouts))
    return caught.value.reply


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
