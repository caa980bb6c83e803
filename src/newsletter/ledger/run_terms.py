"""Under which terms a run sent: the relay, and what the settings of then allowed. Touches: nothing.

Kept with the lease of each run, for who asks later how fast that relay took messages, and what held them back.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class DomainTerms:
    """What one domain was allowed; None: no limit of its own."""

    connections: int | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class RunTerms:
    """Of one run, over all its processes."""

    relay: str
    """Host and port."""
    connections: int
    rate: float | None = None
    """Messages a second; None: as fast as the relay took them."""
    domains: Mapping[str, DomainTerms] = field(default_factory=dict)
    """By domain of the settings; `*` is each other one."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "RunTerms":
        found = json.loads(text)
        domains = {name: DomainTerms(**terms) for name, terms in found.pop("domains").items()}
        return cls(**found, domains=domains)
