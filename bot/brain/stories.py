"""``python -m bot.brain.test_stories``: every test story of a company against its newest model; 1 when one fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot import settings
from bot.environment import environment_of
from bot.errors import WarmlineError
from bot.untrusted.control_characters import visible

FOLDER = Path("tests", "stories")


def main() -> int:
    """Run ``rasa test core`` over the folder; what failed stands in ``build/stories`` and is printed."""
    try:
        where = settings.load()
    except WarmlineError as error:
        print(visible(str(error)), file=sys.stderr)
        return 1
    stories, report = where.root / FOLDER, where.root / "build" / "stories"
    report.mkdir(parents=True, exist_ok=True)
    failed = report / "failed_test_stories.yml"
    failed.unlink(missing_ok=True)
    command = [str(Path(sys.executable).with_name("rasa")), "test", "core", "--e2e", "--no-plot"]
    command += ["--stories", str(stories), "--model", str(where.models), "--out", str(report)]
    environment = {
        **environment_of("build", os.environ),
        "WARMLINE_ROOT": str(where.root),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    finished = subprocess.run(  # noqa: S603 - Rasa's own command
        command, cwd=where.root, env=environment, capture_output=True, text=True, check=False
    )
    if finished.returncode != 0 or not failed.exists():
        print(finished.stderr[-4000:])
        print("Test stories: rasa test did not come to its end.")
        return 1
    if "- story:" in failed.read_text():
        print(failed.read_text())
        print(f"Test stories: those above failed; see {report}.")
        return 1
    count = sum(path.read_text().count("- story:") for path in stories.glob("test_*.yml"))
    print(f"Test stories: all {count} passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
