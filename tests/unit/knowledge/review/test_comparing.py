"""What comparing promises: each question whose answer changes is shown once, and judged where the answer is known."""

from __future__ import annotations

from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.review.comparing import Asked, Said, answering, differences, threshold_of


def test_answers_that_are_lost_other_or_gained_are_told_apart_and_the_same_ones_left_out():
    before = {"same": Said("a", "One two."), "lost": Said("a", "One."), "other": Said("a", "£25."), "none": None}
    after = {"same": Said("b", "One  two."), "gained": Said("a", "New."), "other": Said("a", "£30.")}
    questions = [
        Asked("same"),
        Asked("lost"),
        Asked("other", "a", "£30."),
        Asked("gained", nothing=True),
        Asked("none"),
    ]
    found = list(differences(questions, before.get, after.get))
    assert [(one.question, one.change) for one in found] == [("lost", "lost"), ("other", "other"), ("gained", "gained")]
    assert [(one.right_before, one.right_after) for one in found] == [(None, None), (False, True), (True, False)]


def test_a_changed_sentence_changes_the_answer_and_an_internal_one_never_answers(shelf, write, encoder):
    served = KnowledgeIndex.build(shelf, encoder)
    golden = [Asked("when do all stores open", "store-hours"), Asked("approval of a team leader refunds over")]
    ranker = Ranker.untaught(encoder.dimensions)
    threshold = threshold_of(served, golden, encoder, ranker, frozenset({"public"}))
    answer = answering(served, encoder, ranker, threshold, frozenset({"public"}))
    assert answer(golden[0].text).article == "store-hours"
    said = answer("Refunds over £200 need the approval of a team leader.")
    assert said is None or said.article != "refund-limits"
