"""Publish with what a newsletter is sent, and read it where there are no files: relay, limits, rules, names of keys.

Touches: the ledger, the files of rules and certificates, the environment. Limits: never a secret. Where a key of DKIM
lies is told, not the key: each machine has a copy there.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from newsletter.catalogue import Said, phrase
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.reply_rules import load_reply_rules, merged
from newsletter.dispatch.rule_file import read_rules
from newsletter.errors import CannotWriteError, SettingsError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.relay_settings import RelaySettings
from newsletter.settings.replace_file import replace_file
from newsletter.settings.sending_part import sending_part, settings_of_part
from newsletter.settings.system_reason import system_reason
from newsletter.settings.values import is_loopback
from newsletter.settings.workspace import Workspace

_RULES = "replies.toml"


@dataclass(frozen=True, slots=True)
class SendingSettings:
    """What stands in the ledger."""

    tables: Mapping[str, Mapping[str, Any]]
    """As in newsletter.toml."""
    rules: str = ""
    """The file that `[smtp] rules` names, as text; empty: those of the package."""
    certificates: str = ""
    """The file that `[smtp] ca_file` names; empty: those that the system trusts."""
    spare: int = 0
    """As in `Policy`: whoever is told of an end takes one of the relay's day as well."""

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """SettingsError (78) where a file that is named cannot be read."""
        smtp = workspace.settings.smtp
        if smtp.rules:
            load_reply_rules(workspace.root, smtp.rules, workspace.settings.variable("smtp.rules"))
        return cls(
            tables=sending_part(workspace.settings),
            rules=_text(workspace.root / smtp.rules) if smtp.rules else "",
            certificates=_text(workspace.root / smtp.ca_file) if smtp.ca_file else "",
            spare=len(workspace.settings.operator.notify),
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """SettingsError (78) where another version wrote what this one cannot read."""
        try:
            kept = json.loads(text)
            return cls(dict(kept["tables"]), str(kept["rules"]), str(kept["certificates"]), int(kept["spare"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(phrase("settings.published.is_newer")) from error

    def to_json(self) -> str:
        whole = {
            "tables": self.tables,
            "rules": self.rules,
            "certificates": self.certificates,
            "spare": self.spare,
        }
        return json.dumps(whole, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Sendable:
    """What a machine sends one newsletter with, ready to be used."""

    workspace: Workspace
    """The machine's own folder, with the settings that were published."""
    policy: Policy


def publish_relay_settings(workspace: Workspace, ledger: Ledger, *, first_only: bool = False) -> None:
    """From now on every machine sends this newsletter with these; with `first_only`, where there are none yet.

    SettingsError (78) where a file that they name cannot be read.
    """
    list_id = workspace.settings.newsletter.list_id
    if first_only and ledger.relay_settings(list_id) is not None:
        return
    ledger.publish_relay_settings(list_id, SendingSettings.of(workspace).to_json(), first_only=first_only)


def publish_from_a_desk(workspace: Workspace, ledger: Ledger) -> None:
    """The same for who decides and does not send: a desk mostly has no relay of its own, and then takes nobody's."""
    known = ledger.relay_settings(workspace.settings.newsletter.list_id)
    is_desk = _is_here(workspace.settings.smtp.url) and known is not None and not _is_here(_relay_of(known))
    publish_relay_settings(workspace, ledger, first_only=is_desk)


def _relay_of(known: RelaySettings) -> str:
    """Empty where another version keeps it elsewhere."""
    try:
        return str(SendingSettings.from_json(known.settings).tables["smtp"]["url"])
    except (SettingsError, LookupError, TypeError):
        return ""


def _is_here(relay: str) -> bool:
    return is_loopback(urlsplit(relay).hostname or "")


def settings_from_ledger(place: Workspace, kept: RelaySettings, environ: Mapping[str, str]) -> Sendable:
    """What was published, with the environment of this machine, whose `place` it is, on top: its password, its keys.

    SettingsError (78) with what is missing or wrong here.
    """
    said = SendingSettings.from_json(kept.settings)
    url, secret_file, root = place.settings.ledger.url, place.settings.links.secret_file, place.root
    settings = settings_of_part(kept.newsletter, said.tables, url, secret_file, environ)
    if said.certificates and not settings.smtp.ca_file:
        file = _keep_certificates(root, said.certificates)
        settings = settings.model_copy(update={"smtp": settings.smtp.model_copy(update={"ca_file": str(file)})})
    policy = Policy.from_settings(settings, root=root)
    rules = policy.rules
    if rules is None and said.rules:
        rules = merged(read_rules(said.rules, _RULES, own=True))
    return Sendable(Workspace(root, settings), replace(policy, spare=said.spare, rules=rules))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(_unreadable(path, error)) from error


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> Said:
    why = system_reason(error) if isinstance(error, OSError) else str(error)
    return phrase("workflow.relay_settings.unreadable", path=str(path), why=why)


def _keep_certificates(root: Path, text: str) -> Path:
    """As a file, which is what TLS takes; each set once."""
    path = root / ".newsletter" / f"relay-{hashlib.sha256(text.encode()).hexdigest()[:16]}.pem"
    try:
        if not path.exists():
            replace_file(path, text)
    except OSError as error:
        raise CannotWriteError(_unreadable(path, error)) from error
    return path
