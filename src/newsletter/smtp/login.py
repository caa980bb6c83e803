"""Greeting, login and hanging up as relays in the field need them, where aiosmtplib goes by the book. Touches: network.

An initial response (RFC 4954 4) may be ignored: the relay asks with 334 all the same. With LOGIN it then takes what
comes next, the password, for the user's name; so there each is given when it is asked for.
"""

import asyncio
from contextlib import suppress
from typing import Literal, cast

import aiosmtplib
from aiosmtplib.auth import auth_login_encode, auth_plain_encode
from aiosmtplib.typing import Default

_CONTINUE, _DONE = 334, 235
_EHLO_UNKNOWN = frozenset({500, 501, 502, 504})
"""RFC 5321 3.2: the command is not recognised, so HELO may do. A 550 is about us, and would be the same again."""

_Timeout = float | Literal[Default.token] | None


class SubmissionSMTP(aiosmtplib.SMTP):
    """aiosmtplib's client, with these two mechanisms and `close` its own."""

    def close(self) -> None:
        """Close at once. With TLS the library's way waits for the relay's good-bye, of a transport that it forgets."""
        transport = cast(asyncio.Transport | None, self.transport)
        if transport is not None:
            with suppress(AttributeError):  # of CPython before 3.11.5, for TLS that is closed already
                transport.abort()
        super().close()

    async def auth_plain(
        self,
        username: str | bytes,
        password: str | bytes,
        /,
        *,
        timeout: _Timeout = Default.token,  # noqa: ASYNC109 - as the library calls it
    ) -> aiosmtplib.SMTPResponse:
        """PLAIN (RFC 4616); asked for it again, it is given again."""
        encoded = auth_plain_encode(username, password)
        response = await self.execute_command(b"AUTH", b"PLAIN", encoded, timeout=timeout)
        if response.code == _CONTINUE:
            response = await self.execute_command(encoded, timeout=timeout)
        return _done(response)

    async def auth_login(
        self,
        username: str | bytes,
        password: str | bytes,
        /,
        *,
        timeout: _Timeout = Default.token,  # noqa: ASYNC109 - as the library calls it
    ) -> aiosmtplib.SMTPResponse:
        """LOGIN in two steps: the user's name and the password, each when it is asked for."""
        response = await self.execute_command(b"AUTH", b"LOGIN", timeout=timeout)
        for encoded in auth_login_encode(username, password):
            if response.code != _CONTINUE:
                break
            response = await self.execute_command(encoded, timeout=timeout)
        return _done(response)

    async def greet(self, *, may_be_plain: bool) -> None:
        """EHLO; where it is refused and nothing of it is needed, HELO. Raises the refusal of EHLO."""
        try:
            await self.ehlo()
        except aiosmtplib.SMTPHeloError as refused:
            if not may_be_plain or refused.code not in _EHLO_UNKNOWN:
                raise
            try:
                await self.helo()
            except aiosmtplib.SMTPHeloError:
                raise refused from None


def _done(response: aiosmtplib.SMTPResponse) -> aiosmtplib.SMTPResponse:
    if response.code != _DONE:
        raise aiosmtplib.SMTPAuthenticationError(response.code, response.message)
    return response
