"""Each process knows its own secrets and no others (X17)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.environment import OURS, environment_of
from bot.processes import ProcessPlan, process_plans
from bot.settings import load

ROOT = Path(__file__).resolve().parents[2]

SECRETS = {
    "WARMLINE_PAYLOAD_KEY": "payload-key-payload-key-payload-key",
    "WARMLINE_BRAIN_SECRET": "brain-secret-brain-secret-brain-secret",
    "WARMLINE_ACTIONS_SECRET": "actions-secret-actions-secret-actions",
    "WARMLINE_DATABASE_URL": "postgresql://warmline:database-password@host/warmline",
    "WARMLINE_TELEGRAM_TOKEN": "1:telegram-token",
    "WARMLINE_TELEGRAM_SECRET": "telegram-secret",
    "WARMLINE_CHATWOOT_TOKEN": "chatwoot-token",
    "WARMLINE_CHATWOOT_SECRET": "chatwoot-secret",
    "WARMLINE_DESK_WEBHOOK_SECRET": "desk-webhook-secret",
    "PGPASSWORD": "pg-password",
    "HTTPS_PROXY": "http://somebody:proxy-password@proxy:3128",
    "AWS_SECRET_ACCESS_KEY": "aws-key",
    "HF_TOKEN": "hub-token",
    "ORDERS_API_KEY": "orders-api-key",
}
OF_THE_GATEWAY = set(SECRETS) - {"WARMLINE_ACTIONS_SECRET", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN", "ORDERS_API_KEY"}
OF_THE_ACTIONS = {name for name in SECRETS if not name.startswith("WARMLINE_")} | {"WARMLINE_ACTIONS_SECRET"}


@pytest.fixture
def plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, ProcessPlan]:
    """What the launcher would start with all of these in its environment."""
    for name, value in {**SECRETS, "WARMLINE_VAR": str(tmp_path), "LC_ALL": "en_GB.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    return {plan.name: plan for plan in process_plans(load())}


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("gateway", OF_THE_GATEWAY),
        ("brain", {"WARMLINE_BRAIN_SECRET", "WARMLINE_ACTIONS_SECRET"}),
        ("actions", OF_THE_ACTIONS),
    ],
)
def test_x17_a_process_gets_its_own_secrets_only(plans: Mapping[str, ProcessPlan], name: str, own: set[str]) -> None:
    """By name, and by value under whatever name."""
    environment = plans[name].environment
    assert set(SECRETS) & set(environment) == own
    values = "\n".join(environment.values())
    assert [secret for other, secret in SECRETS.items() if other not in own and secret in values] == []


@pytest.mark.parametrize("name", ["gateway", "brain", "actions"])
def test_what_every_program_needs_passes(plans: Mapping[str, ProcessPlan], name: str) -> None:
    """Where programs and files are, and in which language."""
    environment = plans[name].environment
    assert environment["LC_ALL"] == "en_GB.UTF-8"
    assert {"PATH", "WARMLINE_ROOT", "WARMLINE_VAR", "WARMLINE_MODELS"} <= set(environment)


def test_no_secret_stands_in_a_command_line(plans: Mapping[str, ProcessPlan]) -> None:
    """Everybody on the machine can list those."""
    said = " ".join(part for plan in plans.values() for part in plan.command)
    assert [name for name, value in SECRETS.items() if value in said] == []


def test_x8_what_builds_has_no_secret_at_all() -> None:
    """Trainers' files are read there; the encoder's own step may sign in to where the weights are."""
    assert environment_of("build", {**SECRETS, "PATH": "/bin", "WARMLINE_ROOT": "/x"}) == {
        "PATH": "/bin",
        "WARMLINE_ROOT": "/x",
    }
    assert set(environment_of("encoder", SECRETS)) == {"HF_TOKEN", "HTTPS_PROXY"}


def test_each_variable_that_the_code_names_is_somebodys() -> None:
    """A new setting that stands in no list would reach no process, and nobody would know why."""
    named = {
        name
        for file in (ROOT / "bot").rglob("*.py")
        if "node_modules" not in file.parts
        for name in re.findall(r'"(WARMLINE_[A-Z_0-9]+[A-Z0-9])"', file.read_text(encoding="utf-8"))
    }
    assert named - set(OURS) == set()
    assert set(OURS) - named == set()
