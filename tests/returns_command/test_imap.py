"""Returns in a real IMAP server's mailbox: protected, logged in by password and by token, moved, and never deleted."""

import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from newsletter.errors import SettingsError, UnavailableError
from newsletter.returns.sources import imap_login
from newsletter.returns.sources.imap import ImapMailbox
from newsletter.returns.sources.imap_login import ImapServer
from newsletter.returns.sources.source import LARGEST_READ, MessageFate, WaitingMessage
from newsletter.settings.returns import ReturnsTable
from tests.support.dovecot import PASSWORD, Dovecot, dovecot, token

USER = "bounces%40example.org"
Folders = tuple[str, ...]


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    running.empty()
    return running


def mailbox(
    server: Dovecot,
    settings: Mapping[str, object] | None = None,
    *,
    scheme: str = "imaps",
    folders: Folders = ("INBOX",),
) -> ImapMailbox:
    """With the password, if the settings name no other way in."""
    port = server.tls_port if scheme == "imaps" else server.port
    login = {} if settings and "token_command" in settings else {"password": PASSWORD}
    returns = ReturnsTable.model_validate({"ca_file": str(server.ca.ca_file), **login, **(settings or {})})
    there = ImapServer.of(f"{scheme}://{USER}@localhost:{port}", returns, Path())
    return ImapMailbox(there, folders, processed=returns.processed, unparsed=returns.unparsed)


def put_all_away(source: ImapMailbox, fate: MessageFate = MessageFate.PROCESSED) -> list[WaitingMessage]:
    found: list[WaitingMessage] = []
    with source:
        for batch in source.batches():
            found += batch
            source.put_away([(one, fate) for one in batch])
    return found


@pytest.mark.parametrize(
    ("scheme", "settings"),
    [
        ("imaps", {}),
        ("imap", {}),
        ("imap", {"tls": "required"}),
        ("imaps", {"token_command": f"printf '%s\\n' {token()}"}),
    ],
    ids=["TLS", "plaintext on loopback", "STARTTLS", "XOAUTH2"],
)
def test_it_is_read_by_every_way_in(server: Dovecot, scheme: str, settings: dict[str, object]) -> None:
    server.deliver(b"Subject: one\r\n\r\nbody\r\n")
    assert [one.octets for one in put_all_away(mailbox(server, settings, scheme=scheme))] == server.messages(
        "processed"
    )
    assert server.messages("processed") == [b"Subject: one\r\n\r\nbody\r\n"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"password": "wrong"}, "refuses the login: [AUTHENTICATIONFAILED]"),
        ({"password": "비밀번호"}, "refuses the login"),
        ({"token_command": f"echo {token(key=b'of another')}"}, "refuses the login"),
        ({"token_command": "false"}, "token_command gave no token: exit code 1"),
        ({"token_command": "true"}, "token_command gave no token"),
        ({"token_command": "/no/such/program"}, "token_command gave no token: there is no such file"),
        ({"ca_file": ""}, "is not trusted"),
    ],
)
def test_who_is_not_let_in_is_told_why(server: Dovecot, settings: dict[str, object], said: str) -> None:
    with pytest.raises(UnavailableError) as refused, mailbox(server, settings):
        pass
    assert said in str(refused.value)
    assert PASSWORD not in str(refused.value)


def test_a_server_that_is_not_there() -> None:
    returns = ReturnsTable.model_validate({"password": PASSWORD})
    nobody = ImapServer.of(f"imap://{USER}@127.0.0.1:1", returns, Path())
    with pytest.raises(UnavailableError, match=r"cannot read imap://127\.0\.0\.1:1"), mailbox_of(nobody):
        pass


def test_a_server_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_login, "IMAP_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        returns = ReturnsTable.model_validate({"password": PASSWORD})
        silent = ImapServer.of(f"imap://{USER}@127.0.0.1:{listener.getsockname()[1]}", returns, Path())
        with pytest.raises(UnavailableError, match=r"no answer within 0\.2 seconds"), mailbox_of(silent):
            pass


def test_without_a_password_nothing_is_tried() -> None:
    with pytest.raises(SettingsError, match="neither a password nor a token_command"):
        ImapServer.of(f"imaps://{USER}@mail.example.org", ReturnsTable(), Path())


def mailbox_of(server: ImapServer) -> ImapMailbox:
    return ImapMailbox(server, ("INBOX",), processed="processed", unparsed="unparsed")


def test_each_message_moves_where_it_belongs_and_what_stays_stays(server: Dovecot) -> None:
    server.deliver(*(b"Subject: %d\r\n\r\n" % number for number in range(3)))
    fates = dict(zip((b"0", b"1", b"2"), MessageFate, strict=True))
    with mailbox(server) as source:
        assert source.count() == 3
        for batch in source.batches():
            source.put_away([(one, fates[one.octets[9:10]]) for one in batch])
    assert [text[9:10] for text in server.messages("processed")] == [b"0"]
    assert [text[9:10] for text in server.messages("unparsed")] == [b"1"]
    assert [text[9:10] for text in server.messages()] == [b"2"]


def test_of_a_huge_message_only_the_beginning_is_fetched(server: Dovecot) -> None:
    server.deliver(b"Subject: huge\r\n\r\n" + b"x" * 76 * (3 * LARGEST_READ // 76))
    (one,) = put_all_away(mailbox(server))
    assert len(one.octets) == LARGEST_READ
    assert len(server.messages("processed")[0]) > 2 * LARGEST_READ


def test_a_server_without_move_loses_nothing_and_expunges_only_ours(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(b"Subject: ours\r\n\r\n", b"Subject: somebody deleted it\r\n\r\n")
    with mailbox(server) as source:
        (batch,) = list(source.batches())
        source._open.client.uid("STORE", batch[1].place, "+FLAGS", r"(\Deleted)")
        monkeypatch.setattr(source, "_can", source._can - {"MOVE"})
        source.put_away([(batch[0], MessageFate.PROCESSED)])
    assert [text[:13] for text in server.messages("processed")] == [b"Subject: ours"]
    assert [text[:17] for text in server.messages()] == [b"Subject: somebody"]


def test_without_uidplus_it_is_marked_and_not_read_again(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    server.deliver(b"Subject: ours\r\n\r\n")
    with mailbox(server) as source:
        (batch,) = list(source.batches())
        monkeypatch.setattr(source, "_can", frozenset())
        source.put_away([(one, MessageFate.PROCESSED) for one in batch])
    assert len(server.messages("processed")) == 1
    with mailbox(server) as source:
        assert source.count() == 0


def test_what_could_not_be_copied_is_not_deleted(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    server.deliver(b"Subject: ours\r\n\r\n")
    with mailbox(server) as source:
        (batch,) = list(source.batches())
        monkeypatch.setattr(source, "_can", frozenset({"UIDPLUS"}))
        client = source._open.client
        asked = client.uid

        def uid(command: str, *words: str) -> object:
            gone = ("NO", [b"[EXPUNGEISSUED] Some of the requested messages no longer exist"])
            return gone if command == "COPY" else asked(command, *words)

        monkeypatch.setattr(client, "uid", uid)
        source.put_away([(one, MessageFate.PROCESSED) for one in batch])
    with mailbox(server) as source:
        assert source.count() == 1


def test_two_machines_at_once_lose_no_message(server: Dovecot) -> None:
    """A server may then keep one twice, which the ledger counts once; on one machine the second leaves it alone."""
    server.deliver(*(b"Subject: %d\r\n\r\n" % number for number in range(30)))
    readers = [threading.Thread(target=put_all_away, args=[mailbox(server)]) for _ in range(2)]
    for one in readers:
        one.start()
    for one in readers:
        one.join(60)
    assert set(server.messages("processed")) == {b"Subject: %d\r\n\r\n" % number for number in range(30)}


def test_several_folders_are_read_and_one_that_is_missing_is_named(server: Dovecot) -> None:
    server.deliver(b"Subject: here\r\n\r\n")
    with pytest.raises(UnavailableError, match="has no folder Junk"):
        put_all_away(mailbox(server, folders=("INBOX", "Junk")))
    assert len(server.messages("processed")) == 1
