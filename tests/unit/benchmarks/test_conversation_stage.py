"""The day on which conversations are played, and the meter in the brain."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

from benchmarks.conversation_bench import cost_of_the_layer
from benchmarks.conversation_play import situation_after
from benchmarks.conversation_stage import (
    NOON,
    CannotStageError,
    Reaction,
    company_folder,
    fixed_clock,
    heard_from,
    tells_to_wait,
)
from benchmarks.timed_brain import _METER, Meter, left_out, metered
from bot.gateway.conversations import waiting
from bot.gateway.tickets import hours
from bot.gateway.tickets.desk_settings import load_desk_settings
from bot.wording.files import product_catalogue
from tests.unit.benchmarks.conversation_making import heard


def test_the_clock_is_set_to_a_saturday_noon_by_one_offset(tmp_path: Path) -> None:
    """Tomorrow is Sunday 29 November, for whoever asks."""
    library = tmp_path / "lib" / "x86_64-linux-gnu" / "faketime" / "libfaketime.so.1"
    library.parent.mkdir(parents=True)
    library.touch()
    now = datetime(2027, 5, 1, 8, 30, tzinfo=timezone.utc).timestamp()
    clock = fixed_clock(now, tmp_path)
    assert clock["LD_PRELOAD"] == str(library)
    shown = datetime.fromtimestamp(now + float(clock["FAKETIME"]), timezone.utc)
    assert shown == datetime(2026, 11, 28, 12, 0, tzinfo=timezone.utc)
    assert (shown + timedelta(days=1)).strftime("%A %d %B") == "Sunday 29 November"


def test_a_machine_without_libfaketime_is_told_what_to_install(tmp_path: Path) -> None:
    """On the real day every "tomorrow" of the sets would be another."""
    with pytest.raises(CannotStageError, match="apt-get install faketime"):
        fixed_clock(0.0, tmp_path)


def test_the_desk_is_open_at_every_hour_and_the_rest_of_the_company_is_the_companys(tmp_path: Path) -> None:
    """ "Right now" is true; everything else stays what ships."""
    root = company_folder(tmp_path / "company")
    desk = load_desk_settings(root / "desk.yml")
    week = [NOON + timedelta(hours=number) for number in range(7 * 24)]
    assert all(hours.is_open(desk, moment) for moment in week)
    shipped = yaml.safe_load(Path("desk.yml").read_text())
    changed = yaml.safe_load((root / "desk.yml").read_text())
    assert {name: value for name, value in changed.items() if name != "hours"} == {
        name: value for name, value in shipped.items() if name != "hours"
    }
    assert (root / "domain.yml").resolve() == Path("domain.yml").resolve()


def test_what_is_asked_is_read_from_the_form_else_from_choices_and_words() -> None:
    """The form knows it best."""

    def after(trace: dict[str, object], *choices: str) -> Reaction:
        return Reaction((heard("Which appliance is it?", *choices),), "bot", None, trace, 0.0)

    in_a_form = situation_after(after({"form": {"asks": "postcode"}}))
    assert in_a_form.asks == {"postcode"}
    assert situation_after(after({})).asks == {"product"}
    asked = Reaction(
        (heard("What do you mean?", "Hours", "Prices"),), "bot", None, {"decision": {"kind": "ask_back"}}, 0
    )
    assert situation_after(asked).chooses
    assert situation_after(asked).invites
    assert not situation_after(Reaction((heard("Bye."),), "bot", None, {}, 0)).invites


def test_the_notice_that_it_takes_a_moment_is_told_from_what_was_said() -> None:
    """It comes and goes with how busy the machine is."""
    notice = product_catalogue().say(waiting.TAKES_LONGER, "en")
    assert tells_to_wait(heard(notice, author="system"))
    assert not tells_to_wait(heard("You are next in the queue.", author="system"))
    assert not tells_to_wait(heard(notice))


def test_the_meter_counts_the_layer_once_and_leaves_the_encoder_out() -> None:
    """What one part calls of another is within its time."""
    encode = left_out(lambda: sum(range(300_000)))
    inner = metered("clauses", lambda: sum(range(50_000)))

    def outer() -> None:
        inner()
        encode()

    meter = Meter()
    token = _METER.set(meter)
    try:
        metered("context", outer)()
        with_encoding = meter.layer
        encode()
    finally:
        _METER.reset(token)
    assert set(meter.steps) == {"context"}
    assert meter.layer == with_encoding
    alone = Meter()
    token = _METER.set(alone)
    try:
        metered("encoder", lambda: sum(range(300_000)))()
    finally:
        _METER.reset(token)
    assert meter.layer < alone.layer


def test_the_layers_cost_is_missing_where_no_turn_was_measured() -> None:
    """A bound without a figure does not hold."""
    check, _figures = cost_of_the_layer([])
    assert not check.holds
    check, figures = cost_of_the_layer([{"ms": 2.0, "steps": {"danger": 2.0}}, {"ms": 4.0, "steps": {}}])
    assert check.holds
    assert figures["turns"] == 2


def test_an_article_is_known_by_the_title_that_the_customer_was_shown() -> None:
    """A customer's page is told no ids, but the checks name articles by them."""
    cited = {"title": "How do I clean my oven?", "heading": "", "url": ""}
    assert heard_from({"author": "bot", "text": "So.", "citation": cited}).article == "oven-cleaning"
    assert heard_from({"author": "bot", "text": "So.", "citation": None}).article is None
