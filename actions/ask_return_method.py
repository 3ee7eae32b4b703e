"""Offer real ways to send something back for `return_item_form`."""

from __future__ import annotations

from actions import wiring
from actions.appointments import read_day
from actions.return_methods import DAYS_OFFERED, STORE, buttons, collection
from actions.return_reasons import read_reason
from actions.wording import spoken_day
from bot.dialogue.several_values import each_once, spoken_list
from bot.kit.base import CompanyAction
from bot.kit.turn import Event, Turn, set_slot


class AskReturnMethod(CompanyAction):
    """The next days on which a crew has room, with the price, and the store."""

    action_name = "action_ask_return_item_form_return_method"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Offer them and remember which, so that "the second one" means something."""
        unwanted = set(turn.slot("unwanted_days") or ())
        free = [day for day in wiring.shop().collection_days(wiring.today()) if day.isoformat() not in unwanted]
        wanted = each_once(map(read_day, turn.slot("wanted_days") or ()))
        full = [spoken_day(day) for day in wanted if day not in free]
        if full:
            turn.say("utter_no_collection_then", when=spoken_list(full, "or"))
        days = ([day for day in wanted if day in free] or free)[:DAYS_OFFERED]
        choices = buttons(days, read_reason(str(turn.slot("return_reason") or "")))
        if days and turn.slot("wanted_collection"):
            turn.say("utter_which_collection_day", choices=choices)
        else:
            turn.say("utter_offer_return_methods" if days else "utter_offer_store_only", choices=choices)
        return [set_slot("offered_returns", [*(collection(day) for day in days), STORE])]
