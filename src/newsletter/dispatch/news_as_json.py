"""What one run tells those of other machines, as the ledger keeps it for a minute. Touches: nothing.

Of a reply that is what the pace and the circuit breaker go by: whose domain, never whose address. What says more of a
machine and its network than of the relay is not told: a link that was lost, a relay that could not be reached, a run
that somebody stopped.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from newsletter.catalogue import Phrase
from newsletter.ledger.states import Claim, Outcome, State
from newsletter.smtp.reply import Reply

from .decide import Decision
from .reply_class import ReplyClass
from .reply_meanings import ReplyMeaning
from .reply_rule import domain_of
from .siblings import Accepted, Halted, News, NotConnected, Refused, SessionLimit
from .stop import Stop, StopKind

NewsJson = dict[str, Any]

_LOCAL_PART = re.compile(r"[^\s\"<>@:;,()\[\]\\\\]+@")
_SAID_EVERYWHERE = {StopKind.REFUSALS, StopKind.BAD_ADDRESSES, StopKind.QUOTA}


def as_told(news: News) -> NewsJson | None:
    """None: it is nobody else's business."""
    match news:
        case Accepted(domains):
            return {"is": "accepted", "domains": dict(domains)}
        case SessionLimit(messages):
            return {"is": "session limit", "messages": messages}
        case NotConnected(reply) if reply.code:
            return {"is": "not connected", "reply": _reply(reply)}
        case Refused(decision, is_open) if decision.stop is None and (said := decision.outcome.reply) and said.code:
            return {"is": "refused", "open": is_open, **_decision(decision, said)}
        case Halted(stop, reply_class) if stop.kind in _SAID_EVERYWHERE:
            return {"is": "halted", "class": reply_class, **_stop(stop)}
    return None


def from_told(told: NewsJson) -> News | None:
    """None: it is of another version, which says things that this one does not know."""
    try:
        return _READ[told["is"]](told)
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


def _reply(reply: Reply) -> NewsJson:
    words = _LOCAL_PART.sub("***@", reply.stored_text)
    return {"stage": reply.stage, "code": reply.code, "enhanced": reply.enhanced, "text": words}


def _decision(decision: Decision, reply: Reply) -> NewsJson:
    claim = decision.outcome.claim
    return {
        "domain": domain_of(claim.key),
        "met_limit": claim.met_limit,
        "state": decision.outcome.state,
        "attempted": decision.outcome.attempted,
        "rule": decision.outcome.rule,
        "reply": _reply(reply),
        "class": decision.reply_class,
        "rest": decision.rest.total_seconds(),
        "flags": [name for name in _FLAGS if getattr(decision, name)],
    }


_FLAGS = ("slow_down", "receivers", "holds_domain", "is_vague", "is_unforeseen")


def _stop(stop: Stop) -> NewsJson:
    meaning = stop.meaning and [stop.meaning.meaning.to_json(), stop.meaning.remedy.to_json()]
    reason = _LOCAL_PART.sub("***@", stop.reason.to_json())
    return {"kind": stop.kind.name, "reason": reason, "rest": stop.rest.total_seconds(), "meaning": meaning}


def _read_reply(told: NewsJson) -> Reply:
    return Reply.from_stored(told["stage"], told["code"], told["enhanced"], told["text"])


def _read_refused(told: NewsJson) -> Refused:
    key = f"@{told['domain']}"
    claim = Claim(0, 0, key, key, "", {}, 0, None, met_limit=told["met_limit"])
    reply = _read_reply(told["reply"])
    outcome = Outcome(claim, State(told["state"]), reply, told["class"], rule=told["rule"], attempted=told["attempted"])
    flags = {name: name in told["flags"] for name in _FLAGS}
    rest = timedelta(seconds=told["rest"])
    decision = replace(Decision(outcome, ReplyClass(told["class"]), rest=rest), **flags)  # type: ignore[arg-type]
    return Refused(decision, told["open"])


def _read_halted(told: NewsJson) -> Halted:
    meaning = ReplyMeaning(*map(_phrase, told["meaning"])) if told["meaning"] else None
    stop = Stop(StopKind[told["kind"]], _phrase(told["reason"]), timedelta(seconds=told["rest"]), meaning)
    return Halted(stop, ReplyClass(told["class"]) if told["class"] else None)


def _phrase(kept: str) -> Phrase:
    said = Phrase.from_json(kept)
    if not isinstance(said, Phrase):
        raise TypeError(json.dumps(kept))
    return said


_READ: Mapping[str, Callable[[NewsJson], News]] = {
    "accepted": lambda told: Accepted(Counter(told["domains"])),
    "session limit": lambda told: SessionLimit(told["messages"]),
    "not connected": lambda told: NotConnected(_read_reply(told["reply"])),
    "refused": _read_refused,
    "halted": _read_halted,
}
