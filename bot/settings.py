"""What differs between one installation and the next, read once from environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingError

# A shared secret guessed at a thousand tries a second lasts longer than the universe at 128 bits; 32
# characters of any common encoding hold at least that.
SHORTEST_SECRET = 32

DEFAULT_LOG_MEGABYTES = 10
"""A quiet day writes a few kilobytes, so this is weeks; and one file still opens in an editor."""
DEFAULT_LOG_FILES = 5
"""Older files beside the newest: with three processes the logs take 180 MB at most."""
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Settings:
    """Every setting that is not content. Ports count from 1, times are seconds."""

    root: Path
    """The company's folder: ``config.yml``, ``data/``, ``knowledge_index/``."""
    var: Path
    """What running creates: databases, secrets, logs."""
    models: Path
    """What training creates: the encoder and the Rasa model."""
    database_url: str
    gateway_host: str
    gateway_port: int
    public_url: str
    """How customers and agents reach the gateway, without a final slash."""
    brain_url: str
    brain_host: str
    brain_port: int
    brain_secret: str
    """Shared by gateway and brain, empty where it is not needed (training, the terminal)."""
    actions_url: str
    actions_host: str
    actions_port: int
    actions_secret: str
    """Shared by brain and action server. One of its own: the action server runs the company's code, and knowing the
    brain's secret it could take turns in any customer's name."""
    payload_key: str
    """Signs button payloads; known to gateways only."""
    brain_patience: float
    """How long a customer's message waits for a brain before it becomes a ticket, in seconds."""
    turn_budget: float
    """CPU seconds that one turn may take in the brain before it is cut off."""
    telegram_token: str
    telegram_secret: str
    telegram_api: str
    chatwoot_url: str
    chatwoot_account: str
    chatwoot_inbox: str
    chatwoot_token: str
    chatwoot_secret: str
    desk_webhook_url: str
    desk_webhook_secret: str
    log_bytes: int
    """How large one log file may grow before the launcher begins the next one."""
    log_files: int
    """How many older log files of each process are kept."""

    @property
    def encoder(self) -> Path:
        """The built sentence encoder."""
        return self.models / "encoder"

    @property
    def index(self) -> Path:
        """The built knowledge index."""
        return self.root / "knowledge_index" / "built"

    @property
    def articles(self) -> Path:
        """The articles that editors write."""
        return self.root / "knowledge_index" / "articles"

    @property
    def ranker(self) -> Path:
        """What the last training learned about ranking, for tools that do without Rasa."""
        return self.models / "knowledge"

    @property
    def asked(self) -> Path:
        """What editors wrote down that customers ask."""
        return self.root / "knowledge_index" / "questions"


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingError(f"{name} is {text!r}: set it to a port number from 1 to 65535.")
    return int(text)


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, str(default))
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds > 0:
        raise SettingError(f"{name} is {text!r}: set it to a number of seconds above 0.")
    return seconds


def _count(environment: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = environment.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) < least:
        raise SettingError(f"{name} is {text!r}: set it to a whole number from {least} to 999999.")
    return int(text)


def _secret(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "")
    if text and len(text) < SHORTEST_SECRET:
        raise SettingError(f"{name} has {len(text)} characters: use {SHORTEST_SECRET} or more, at random.")
    return text


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; a wrong one raises :class:`SettingError` with the variable's name and what it takes."""
    env = os.environ if environment is None else environment
    root = Path(env.get("WARMLINE_ROOT", ".")).resolve()
    var = Path(env.get("WARMLINE_VAR", str(root / "var"))).resolve()
    gateway_host = env.get("WARMLINE_GATEWAY_HOST", "127.0.0.1")
    gateway_port = _port(env, "WARMLINE_GATEWAY_PORT", 8080)
    brain_host = env.get("WARMLINE_BRAIN_HOST", "127.0.0.1")
    brain_port = _port(env, "WARMLINE_BRAIN_PORT", 5005)
    actions_host = env.get("WARMLINE_ACTIONS_HOST", "127.0.0.1")
    actions_port = _port(env, "WARMLINE_ACTIONS_PORT", 5055)
    return Settings(
        root=root,
        var=var,
        models=Path(env.get("WARMLINE_MODELS", str(root / "models"))).resolve(),
        database_url=env.get("WARMLINE_DATABASE_URL", f"sqlite:///{var / 'warmline.db'}"),
        gateway_host=gateway_host,
        gateway_port=gateway_port,
        public_url=env.get("WARMLINE_PUBLIC_URL", f"http://{gateway_host}:{gateway_port}").rstrip("/"),
        brain_url=env.get("WARMLINE_BRAIN_URL", f"http://{brain_host}:{brain_port}").rstrip("/"),
        brain_host=brain_host,
        brain_port=brain_port,
        brain_secret=_secret(env, "WARMLINE_BRAIN_SECRET"),
        actions_url=env.get("WARMLINE_ACTIONS_URL", f"http://{actions_host}:{actions_port}/webhook"),
        actions_host=actions_host,
        actions_port=actions_port,
        actions_secret=_secret(env, "WARMLINE_ACTIONS_SECRET"),
        payload_key=_secret(env, "WARMLINE_PAYLOAD_KEY"),
        brain_patience=_seconds(env, "WARMLINE_BRAIN_PATIENCE", 120.0),
        # A turn takes 15 to 30 ms, and none may take more than 200: five times that, for machines that are slower.
        turn_budget=_seconds(env, "WARMLINE_TURN_BUDGET", 1.0),
        telegram_token=env.get("WARMLINE_TELEGRAM_TOKEN", ""),
        telegram_secret=env.get("WARMLINE_TELEGRAM_SECRET", ""),
        telegram_api=env.get("WARMLINE_TELEGRAM_API", "https://api.telegram.org").rstrip("/"),
        chatwoot_url=env.get("WARMLINE_CHATWOOT_URL", "").rstrip("/"),
        chatwoot_account=env.get("WARMLINE_CHATWOOT_ACCOUNT", ""),
        chatwoot_inbox=env.get("WARMLINE_CHATWOOT_INBOX", ""),
        chatwoot_token=env.get("WARMLINE_CHATWOOT_TOKEN", ""),
        chatwoot_secret=env.get("WARMLINE_CHATWOOT_SECRET", ""),
        desk_webhook_url=env.get("WARMLINE_DESK_WEBHOOK_URL", ""),
        desk_webhook_secret=env.get("WARMLINE_DESK_WEBHOOK_SECRET", ""),
        log_bytes=_count(env, "WARMLINE_LOG_MEGABYTES", DEFAULT_LOG_MEGABYTES, least=1) * MEGABYTE,
        log_files=_count(env, "WARMLINE_LOG_FILES", DEFAULT_LOG_FILES, least=0),
    )
