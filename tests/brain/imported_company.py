"""A company whose Rasa project was imported: trained and served by real processes, each of its own.

``python -m tests.brain.imported_company FOLDER`` trains the folder, with the stand-in encoder of the small project.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bot.installation import python_of
from bot.nlu.encoder.onnx_encoder import MANIFEST_FILE, SCHEMA
from tests.brain.small_project import WordEncoder

ROOT = Path(__file__).resolve().parents[2]
COMPANIES = ROOT / "tests" / "companies"

SECRETS = {
    "WARMLINE_BRAIN_SECRET": "a-secret-of-the-tests-0123456789-0123456789",
    "WARMLINE_ACTIONS_SECRET": "another-secret-of-the-tests-0123456789-0123456789",
}
LONGEST_START = 120.0
"""A safety net, in seconds; both are there within ten or twenty."""


def begin(folder: Path, project: str) -> None:
    """`warmline init --from-rasa`, in the environment in which people run it."""
    options = {"name": "A company of the tests", "language": "en", "timezone": "America/Toronto", "country": "CA"}
    command = [str(python_of("gateway")), "-m", "bot.commands.main", "init", str(folder)]
    command += [f"--{name}={value}" for name, value in options.items()]
    command += [f"--from-rasa={COMPANIES / project}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


class ImportedCompany:
    """The folder, its model, and the processes that serve it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state: Any = None
        self._ports = {"WARMLINE_BRAIN_PORT": _free_port(), "WARMLINE_ACTIONS_PORT": _free_port()}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._turns = 0

    def train(self) -> None:
        """Train the folder; what Rasa says of it is shown where it does not work."""
        command = [sys.executable, "-m", "tests.brain.imported_company", str(self.folder)]
        ended = subprocess.run(command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False)
        assert ended.returncode == 0, (ended.stdout + ended.stderr)[-6000:]

    def start(self) -> None:
        """Start the action server and the brain, and wait for both."""
        (model,) = (self.folder / "models").glob("*.tar.gz")
        self._start("bot.action_server.serve")
        self._start("tests.brain.brain_process", str(model))
        end = time.monotonic() + LONGEST_START
        while time.monotonic() < end:
            assert all(one.poll() is None for one in self._processes), self._log()
            try:
                self._ask("ready", None)
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError(self._log())

    def stop(self) -> None:
        """End both."""
        for process in self._processes:
            process.kill()
            process.wait(60)

    def begin(self) -> None:
        """Begin another conversation."""
        self.state = None

    def say(self, text: str) -> list[str]:
        """Say something, or press a button (`/intent`); what is said to it."""
        return [str(reply["text"]) for reply in self.take(text)["replies"]]

    def take(self, text: str) -> dict[str, Any]:
        """Take a turn; the whole of its result."""
        self._turns += 1
        pressed = {"type": "choice", "payload": text, "title": "pressed"}
        turn = {
            "schema": "turn/1",
            "conversation_id": "c",
            "message_id": f"m-{self._turns}",
            "channel": "web",
            "locale": "en",
            "shadow": False,
            "customer": {"id": "p", "name": None, "verified": False, "attributes": {}},
            "input": pressed if text.startswith("/") else {"type": "text", "text": text},
            "state": self.state,
        }
        result = self._ask("turn", turn)
        self.state = result["state"]
        return result

    def _ask(self, path: str, body: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._ports['WARMLINE_BRAIN_PORT']}/webhooks/warmline/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {SECRETS['WARMLINE_BRAIN_SECRET']}"},
        )
        with urllib.request.urlopen(request, timeout=LONGEST_START) as answer:
            return dict(json.loads(answer.read()))

    def _start(self, module: str, *arguments: str) -> None:
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", module, *arguments]
            self._processes.append(subprocess.Popen(command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log))

    def _environment(self) -> dict[str, str]:
        ports = {name: str(port) for name, port in self._ports.items()}
        actions = f"http://127.0.0.1:{self._ports['WARMLINE_ACTIONS_PORT']}/webhook"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")}
        return {
            **kept,
            **SECRETS,
            **ports,
            "WARMLINE_ROOT": str(self.folder),
            "WARMLINE_ACTIONS_URL": actions,
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "WARNING",
        }

    def _log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")[-6000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Train as `bot.brain.train` does, after the index is built."""
    from bot.brain.rasa_patches import without_tensorflow

    without_tensorflow.install()
    from bot import settings
    from bot.brain import artefacts, train
    from bot.knowledge.index.index import KnowledgeIndex
    from bot.knowledge.sources.articles import load_articles

    encoder = WordEncoder()
    artefacts.encoder = lambda: encoder
    artefacts.encoder_fingerprint = lambda: encoder.fingerprint
    where = settings.load()
    _write_manifest(where.encoder, encoder)
    KnowledgeIndex.build(load_articles(where.articles), encoder).save(where.index)
    os.chdir(where.root)
    return train.main()


def _write_manifest(folder: Path, encoder: WordEncoder) -> None:
    """What the action server asks of an encoder: for which one the index was built."""
    manifest = {"fingerprint": encoder.fingerprint, "dimensions": encoder.dimensions, "max_tokens": 64, "pad_id": 0}
    folder.mkdir(parents=True)
    (folder / MANIFEST_FILE).write_text(
        json.dumps({"schema": SCHEMA, **manifest, "prefix": "", "inputs": [], "files": {}}), encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
