"""What a dialogue looked like before each of its actions, replayed once for all who ask.

Each policy asks for these states at each prediction, and Rasa replays the whole dialogue for each answer: some ten
times a turn, a third of its time. Here a dialogue remembers how far it was replayed and what it looked like on the way;
what has come since is replayed on top. The states are the same, put together from Rasa's own parts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import ACTIVE_LOOP, PREVIOUS_ACTION, SLOTS, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.shared.core.domain",
        "Domain.states_for_tracker_history",
        "5ec51a0ab439965322768ce663db3df4b24fa374c4fc8e339a9e538c2bfb814d",
    ),
    Replaced(
        "rasa.shared.core.domain",
        "Domain.get_active_state",
        "fe6a23404779af61901135d430ee5901ab27e452db440c75e810f706323b67ca",
    ),
    Replaced(
        "rasa.shared.core.trackers",
        "DialogueStateTracker.generate_all_prior_trackers",
        "91e311ce1bff035eec8a6649b709a9987496ceb8afb781d23df8c10bc60fb6ec",
    ),
    Replaced(
        "rasa.shared.core.trackers",
        "DialogueStateTracker.past_states",
        "81c3776891722b665cb2197e38f9380fd7fa0eb06327d7c17ed19e80c73a8ae7",
    ),
)

_REPLAY = "_warmline_replay"
"""The attribute of a tracker that holds its :class:`_Replay`; it goes when the tracker goes."""

_LEAVES_SLOTS = frozenset({ActionExecuted, ActiveLoop, BotUttered, DefinePrevUserUtteredFeaturization, UserUttered})
"""The kinds of events that never change a slot; after any other the slots are read again."""


@dataclass(frozen=True)
class _Moment:
    """What a state is made of, at one moment of a dialogue."""

    latest_message: UserUttered
    slots: Mapping[str, Any]
    latest_action: Mapping[str, str]
    loop: Mapping[str, Any]
    may_hide: bool
    """Whether the action that follows decides if stories see the turn (Rasa's rule; not after a loop)."""
    hides: bool = False
    """Whether that action belongs to a rule that stories do not see."""


class _Replay:
    """One pass over a dialogue, carried on as the dialogue goes on."""

    def __init__(self, tracker: DialogueStateTracker, domain: Domain) -> None:
        self.domain = domain
        self._replayed = tracker.init_copy()
        self._slots = domain._get_slots_sub_state(self._replayed)
        self._applied: list[Event] = []
        self._before_actions: list[_Moment] = []
        self._at: tuple[int, Event | None] = (0, None)
        self._users: dict[tuple[int, Any, int], Mapping[str, Any]] = {}

    def carry_on(self, tracker: DialogueStateTracker) -> bool:
        """Replay what has come; False when the past itself has changed (an action or a message was taken back)."""
        at = len(tracker.events), tracker.events[-1] if tracker.events else None
        if at[0] == self._at[0] and at[1] is self._at[1]:
            return True
        applied = tracker.applied_events()
        if len(applied) < len(self._applied) or any(
            now is not then for now, then in zip(applied, self._applied, strict=False)
        ):
            return False
        for event in applied[len(self._applied) :]:
            if isinstance(event, ActionExecuted):
                self._before_actions.append(self._moment(hides=event.hide_rule_turn))
            self._replayed.update(event)
            if type(event) not in _LEAVES_SLOTS:
                self._slots = self.domain._get_slots_sub_state(self._replayed)
        self._applied, self._at = applied, at
        return True

    def moments(self) -> Iterator[_Moment]:
        """The dialogue before each action, and as it is now."""
        yield from self._before_actions
        yield self._moment()

    def _moment(self, hides: bool = False) -> _Moment:
        now = self._replayed
        return _Moment(
            latest_message=now.latest_message,
            slots=self._slots,
            latest_action=self.domain._get_prev_action_sub_state(now),
            loop=self.domain._get_active_loop_sub_state(now),
            may_hide=not now.followup_action and now.latest_action_name != now.active_loop_name,
            hides=hides,
        )

    def user(self, moment: _Moment) -> Mapping[str, Any]:
        """The message's part of a state; an action may say later whether text or intent counts, so it is asked anew."""
        message = moment.latest_message
        key = id(message), message.use_text_for_featurization, len(message.entities)
        if key not in self._users:
            self._users[key] = self.domain._get_user_sub_state(moment)
        return self._users[key]


def states_for_tracker_history(
    self: Domain,
    tracker: DialogueStateTracker,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """Rasa's `Domain.states_for_tracker_history`, from one replay of the dialogue."""
    if omit_unset_slots:  # training asks so, predictions never do
        return _RASAS_OWN(self, tracker, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
    return _states(self, _replay_of(tracker, self), ignore_rule_only_turns, rule_only_data)


def _states(
    domain: Domain, replay: _Replay, ignore_rule_only_turns: bool, rule_only_data: dict[str, Any] | None
) -> list[State]:
    """What Rasa does with the moments of a dialogue, step by step."""
    states: list[State] = []
    last_seen_action: Mapping[str, str] | None = None
    hidden = False
    for moment in replay.moments():
        if ignore_rule_only_turns:
            if not hidden:
                last_seen_action = moment.latest_action
            if moment.may_hide:
                hidden = moment.hides
            if hidden:
                continue
        # Callers change what they get.
        parts = {
            USER: dict(replay.user(moment)),
            SLOTS: dict(moment.slots),
            PREVIOUS_ACTION: moment.latest_action,
            ACTIVE_LOOP: dict(moment.loop),
        }
        state = domain._clean_state(parts)
        if ignore_rule_only_turns:
            domain._remove_rule_only_features(state, rule_only_data)
            if states:
                domain._substitute_rule_only_user_input(state, states[-1])
            if last_seen_action:
                state[PREVIOUS_ACTION] = last_seen_action
            state = domain._clean_state(state)
        states.append(state)
    return states


_RASAS_OWN = Domain.states_for_tracker_history


def _replay_of(tracker: DialogueStateTracker, domain: Domain) -> _Replay:
    replay = getattr(tracker, _REPLAY, None)
    if replay is None or replay.domain is not domain or not replay.carry_on(tracker):
        replay = _Replay(tracker, domain)
        replay.carry_on(tracker)
        setattr(tracker, _REPLAY, replay)
    return replay


class Rest(DialogueStateTracker):
    """A dialogue without its beginning, for asking what it looked like, and for nothing else.

    All rests of one dialogue are replayed on one tracker, one after the other: making one costs more than replaying.
    """

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self.events = tracker.events
        self._applied: list[Event] | None = None
        self._for_replaying = tracker.init_copy()

    def since(self, place: int) -> Rest:
        """The dialogue from the event at this place of :meth:`applied_events` on."""
        rest = Rest.__new__(Rest)
        rest.events = deque(self.applied_events()[place:])
        rest._applied = None
        rest._for_replaying = self._for_replaying
        return rest

    def applied_events(self) -> list[Event]:
        """Rasa's, found once: a rest does not go on."""
        if self._applied is None:
            self._applied = super().applied_events()
        return self._applied

    def init_copy(self) -> DialogueStateTracker:
        """A tracker as it is before the first event."""
        self._for_replaying.events.clear()
        self._for_replaying._reset()
        return self._for_replaying


def install() -> None:
    """Put it in the place of Rasa's own, in this process."""
    Domain.states_for_tracker_history = states_for_tracker_history
