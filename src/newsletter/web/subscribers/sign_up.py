"""The routes of signing up: `/subscribe` for people and for programs, and the link of the mail. Touches: nothing."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.web.guard import read_body

from .confirm import ConfirmPages
from .pages import SubscriberPages
from .sign_up_api import JSON, SignUpApi
from .sign_up_calls import Asking, SignUpSite
from .sign_up_fields import sent_form
from .sign_up_form import SignUpForm


def sign_up_routes(site: SignUpSite | None, pages: SubscriberPages) -> list[Route]:
    """None where nobody can sign up."""
    if site is None:
        return []
    asking = Asking(site)
    subscribe = _Subscribe(SignUpForm(site, asking, pages), SignUpApi(site, asking, pages), pages)
    confirm = ConfirmPages(site, pages)
    return [
        Route("/subscribe", subscribe.look, methods=["GET"]),
        Route("/subscribe", subscribe.take, methods=["POST"]),
        Route("/subscribe", subscribe.options, methods=["OPTIONS"]),
        Route("/confirm/{token}", confirm.look, methods=["GET"]),
        Route("/confirm/{token}", confirm.act, methods=["POST"]),
    ]


class _Subscribe:
    """Who sends JSON, or wants it, is a program."""

    def __init__(self, form: SignUpForm, api: SignUpApi, pages: SubscriberPages) -> None:
        self._form = form
        self._api = api
        self._pages = pages

    async def look(self, request: Request) -> Response:
        if JSON in request.headers.get("accept", "").lower():
            return self._api.show(request)
        return self._form.show(request)

    async def options(self, request: Request) -> Response:
        return self._api.preflight(request)

    async def take(self, request: Request) -> Response:
        content_type = request.headers.get("content-type", "")
        is_json = content_type.partition(";")[0].strip().lower() == JSON
        try:
            body = await read_body(request)
        except (TimeoutError, ClientDisconnect):
            return self._refuse(request, "slow", 408, is_json=is_json)
        if body is None:
            return self._refuse(request, "large", 413, is_json=is_json)
        if is_json:
            return await self._api.take(request, body)
        form = sent_form(body, content_type)
        if form is None:
            return self._refuse(request, "unreadable", 400, is_json=False)
        return await self._form.take(request, form)

    def _refuse(self, request: Request, what: str, status: int, *, is_json: bool) -> Response:
        if is_json:
            return self._api.say(request, what, status, {"Connection": "close"} if status == 408 else None)
        return self._form.say(self._pages.language(request), what, status)
