"""How the desk answers a page: JSON with a status; a refusal is a sentence in its language. Touches: nothing."""

import json
from collections.abc import Callable, Sequence

from starlette.responses import Response

from newsletter.errors import CannotWriteError, InputError, NewsletterError, RefusedError, UsageError
from newsletter.web.studio.workspace_letters import problems_of

from .opened_json import problem_json, words_json
from .posts import RefusedPostError

_STATUSES: Sequence[tuple[type[NewsletterError], int]] = (
    (UsageError, 404),
    (RefusedError, 403),
    (InputError, 422),
    (CannotWriteError, 503),
)

JsonAnswer = tuple[object, int]


def answered(made: Callable[[], object], language: str) -> JsonAnswer:
    """What is made; where it cannot be, why."""
    try:
        return made(), 200
    except NewsletterError as error:
        status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 503)
        return {"problem": problem_json(problems_of(error)[0], language)}, status


def refused(refusal: RefusedPostError, language: str) -> JsonAnswer:
    return {"problem": words_json(refusal.said, language)}, refusal.status


def json_response(answer: JsonAnswer) -> Response:
    content, status = answer
    # Half a character, which a page may have sent, has no encoding, but an escape of JSON.
    body = json.dumps(content, ensure_ascii=False).encode(errors="backslashreplace")
    return Response(body, status, media_type="application/json")
