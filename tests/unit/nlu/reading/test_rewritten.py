"""What was corrected or left out keeps its place in what was typed."""

from __future__ import annotations

from bot.nlu.reading.rewritten import Edit, Rewritten

TYPED = "my ovan is borken, LF-1000017"
READ = Rewritten(TYPED).edited([Edit(3, 7, "oven"), Edit(11, 17, "broken down")])


def test_a_corrected_word_stands_where_it_was_typed() -> None:
    """Half of what was put in is the whole of what was typed."""
    assert READ.text == "my oven is broken down, LF-1000017"
    assert TYPED[slice(*READ.typed_span(3, 7))] == "ovan"
    assert TYPED[slice(*READ.typed_span(18, 22))] == "borken"


def test_what_stands_behind_a_correction_moves_along() -> None:
    """An order number keeps its place."""
    start = READ.text.index("LF-")
    assert TYPED[slice(*READ.typed_span(start, start + 10))] == "LF-1000017"


def test_what_is_left_out_of_a_corrected_text_is_found_in_what_was_typed() -> None:
    """Edits of edits: corrected first, then cut."""
    left = READ.edited([Edit(0, 8, "")])
    assert left.text == "is broken down, LF-1000017"
    assert TYPED[slice(*left.typed_span(3, 9))] == "borken"
    assert TYPED[slice(*left.typed_span(16, 26))] == "LF-1000017"
    assert Rewritten("no").edited([Edit(0, 2, "")]).text == ""
