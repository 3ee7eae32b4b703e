"""Which environment variables each process gets: its own, and none of another's secrets.

Lists of what passes, not of what is held back: a variable that nobody thought of stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Part = Literal["gateway", "brain", "actions", "build", "encoder"]
"""The three processes, what builds index and model, and what builds the encoder (it alone may need the network)."""

_ALL: frozenset[Part] = frozenset({"gateway", "brain", "actions", "build", "encoder"})
_GATEWAY: frozenset[Part] = frozenset({"gateway"})
_GATEWAY_AND_BRAIN: frozenset[Part] = frozenset({"gateway", "brain"})
_BRAIN_AND_ACTIONS: frozenset[Part] = frozenset({"brain", "actions"})
_ENCODER: frozenset[Part] = frozenset({"encoder"})
_LAUNCHER: frozenset[Part] = frozenset()

OURS: Mapping[str, frozenset[Part]] = {
    "WARMLINE_ROOT": _ALL,
    "WARMLINE_VAR": _ALL,
    "WARMLINE_MODELS": _ALL,
    "WARMLINE_ENCODER_MODEL": _ENCODER,
    "WARMLINE_ENCODER_REVISION": _ENCODER,
    "WARMLINE_ENCODER_SHA256": _ENCODER,
    "WARMLINE_DATABASE_URL": _GATEWAY,
    "WARMLINE_GATEWAY_HOST": _GATEWAY,
    "WARMLINE_GATEWAY_PORT": _GATEWAY,
    "WARMLINE_PUBLIC_URL": _GATEWAY,
    "WARMLINE_PAYLOAD_KEY": _GATEWAY,
    "WARMLINE_BRAIN_PATIENCE": _GATEWAY,
    "WARMLINE_BRAIN_URL": _GATEWAY,
    "WARMLINE_TURN_BUDGET": frozenset({"brain"}),
    "WARMLINE_BRAIN_HOST": _GATEWAY_AND_BRAIN,
    "WARMLINE_BRAIN_PORT": _GATEWAY_AND_BRAIN,
    "WARMLINE_BRAIN_SECRET": _GATEWAY_AND_BRAIN,
    "WARMLINE_ACTIONS_URL": _BRAIN_AND_ACTIONS,
    "WARMLINE_ACTIONS_HOST": _BRAIN_AND_ACTIONS,
    "WARMLINE_ACTIONS_PORT": _BRAIN_AND_ACTIONS,
    "WARMLINE_ACTIONS_SECRET": _BRAIN_AND_ACTIONS,
    "WARMLINE_TELEGRAM_TOKEN": _GATEWAY,
    "WARMLINE_TELEGRAM_SECRET": _GATEWAY,
    "WARMLINE_TELEGRAM_API": _GATEWAY,
    "WARMLINE_CHATWOOT_URL": _GATEWAY,
    "WARMLINE_CHATWOOT_ACCOUNT": _GATEWAY,
    "WARMLINE_CHATWOOT_INBOX": _GATEWAY,
    "WARMLINE_CHATWOOT_TOKEN": _GATEWAY,
    "WARMLINE_CHATWOOT_SECRET": _GATEWAY,
    "WARMLINE_DESK_WEBHOOK_URL": _GATEWAY,
    "WARMLINE_DESK_WEBHOOK_SECRET": _GATEWAY,
    "WARMLINE_LOG_MEGABYTES": _LAUNCHER,
    "WARMLINE_LOG_FILES": _LAUNCHER,
}
"""Every variable of ours, and who gets it; a test compares this with what the code reads."""

_PREFIX = "WARMLINE_"

# What programs expect to find, whatever they do: none of it is a secret.
_ORDINARY = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TMP", "TEMP"),
        *("TERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "LD_LIBRARY_PATH", "LD_PRELOAD"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "LOG_LEVEL", "LOG_LEVEL_LIBRARIES"),
        *("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS", "CUDA_VISIBLE_DEVICES", "TOKENIZERS_PARALLELISM"),
        *("RASA_TELEMETRY_ENABLED", "RASA_CACHE_DIRECTORY", "RASA_CACHE_NAME", "RASA_MAX_CACHE_SIZE"),
    }
)
_ORDINARY_PREFIXES = ("LC_", "PYTHON", "OMP_", "OPENBLAS_", "MKL_", "MALLOC_", "XDG_")

# A proxy's address may hold a password: it goes to those alone that call other machines.
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})
_MORE_PREFIXES: Mapping[Part, tuple[str, ...]] = {
    "gateway": ("PG",),  # the variables of PostgreSQL's own library
    "encoder": ("HF_", "HUGGING_FACE_", "TRANSFORMERS_"),  # those of the hub from which the weights come
}


def environment_of(part: Part, given: Mapping[str, str]) -> dict[str, str]:
    """Choose from ``given`` what a process may know.

    The action server gets everything that is not named ``WARMLINE_…``: its code is the company's, and so are the
    passwords that it needs for the company's systems.
    """
    return {name: value for name, value in given.items() if _passes(part, name)}


def _passes(part: Part, name: str) -> bool:
    if name.startswith(_PREFIX):
        return part in OURS.get(name, _LAUNCHER)
    if part == "actions" or name in _ORDINARY or name.startswith(_ORDINARY_PREFIXES):
        return True
    if name.lower() in _PROXIES:
        return part in ("gateway", "encoder")
    return name.startswith(_MORE_PREFIXES.get(part, ())) if part in _MORE_PREFIXES else False
