"""``python -m tests.stories.run`` (in .venv-brain): every test story against the newest model; 1 when one fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.environment import environment_of

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
REPORT = ROOT / "build" / "stories"


def main() -> int:
    """Run ``rasa test core`` over the folder; what failed stands in ``build/stories`` and is printed."""
    REPORT.mkdir(parents=True, exist_ok=True)
    failed = REPORT / "failed_test_stories.yml"
    failed.unlink(missing_ok=True)
    command = [str(Path(sys.executable).with_name("rasa")), "test", "core", "--e2e", "--no-plot"]
    command += ["--stories", str(FOLDER), "--out", str(REPORT)]
    environment = {
        **environment_of("build", os.environ),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0 or not failed.exists():
        print(finished.stderr[-4000:])
        print("Test stories: rasa test did not come to its end.")
        return 1
    if "- story:" in failed.read_text():
        print(failed.read_text())
        print(f"Test stories: those above failed; see {REPORT}.")
        return 1
    count = sum(path.read_text().count("- story:") for path in FOLDER.glob("test_*.yml"))
    print(f"Test stories: all {count} passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
