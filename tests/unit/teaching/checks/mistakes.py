"""Mistakes of trainers and developers: file, what stands there, what they write instead, and what they are told."""

# ruff: noqa: E501 - one mistake a line is what makes the table readable

from __future__ import annotations

MISTAKES = [
    ("data/rules.yml", "action: action_fetch", "action: action_fetsh", "uses the unknown action action_fetsh. Did you mean action_fetch?"),
    ("data/rules.yml", "action: utter_greet", "action: utter_gret", "uses the unknown response utter_gret. Did you mean utter_greet?"),
    ("data/stories.yml", "action: utter_greet", "action: utter_great", "story “greet twice over” uses the unknown response utter_great. Did you mean utter_greet?"),
    ("data/rules.yml", "{intent: ask_for_person}", "{intent: ask_for_persons}", "uses the unknown intent ask_for_persons. Did you mean ask_for_person?"),
    ("data/rules.yml", "{intent: greet}", "{intent: greet, entities: [prodct]}", "uses the unknown entity prodct. Did you mean product?"),
    ("data/rules.yml", "{active_loop: repair_form}]", "{active_loop: repare_form}]", "uses the unknown form"),
    ("data/rules.yml", "requested_slot: null", "reqested: null", "uses the unknown slot reqested."),
    ("domain.yml", "entity: product}", "entity: produkt}", "slot product is filled from the entity produkt, which the domain does not have. Did you mean product?"),
    ("domain.yml", "type: from_text", "type: from_txt", "slot problem has a mapping of the unknown type from_txt. Did you mean from_text?"),
    ("domain.yml", "intent: inform,", "intent: infrom,", "slot problem depends on the intent infrom, which the domain does not have. Did you mean inform?"),
    ("domain.yml", "active_loop: repair_form,", "active_loop: repairs_form,", "slot problem is to be filled in repairs_form, but there is no such form. Did you mean repair_form?"),
    ("domain.yml", "requested_slot: problem", "requested_slot: problems", "slot problem is to be filled when problems is asked for, but there is no such slot. Did you mean problem?"),
    ("domain.yml", "[product, problem]", "[product, problm]", "repair_form asks for the slot problm, which the domain does not have. Did you mean problem?"),
    ("domain.yml", "[product, problem]", "[product, problem, action_outcome]", "repair_form has no question for the slot action_outcome"),
    ("domain.yml", "[greet, inform", "[greet, bye_bye, inform", "the intent bye_bye has neither examples nor a rule."),
    ("domain.yml", "payload: /repair", "payload: /repairs", "this button sends the intent repairs, which the domain does not have. Did you mean repair?"),
    ("domain.yml", "action_fetch, ", "action_fetch, action_refund, ", "no class in actions/ is called action_refund."),
    ("domain.yml", "action_fetch, ", "action_fetch, action_fetsh, ", "no class in actions/ is called action_fetsh. Did you mean action_fetch?"),
    ("domain.yml", "action_fetch, ", "action_fetch, utter_byebye, ", "utter_byebye is listed under `actions`, but there is no response of that name."),
    ("domain.yml", "utter_ask_problem:", "utter_ask_product:", "utter_ask_product is repeated here; it is already in line 26."),
    ("data/nlu.yml", "intent: greet", "intent: greeting", "the domain has no intent greeting."),
    ("data/nlu.yml", "- my oven", "- my [oven](produkt)", "the domain has no entity produkt. Did you mean product?"),
    ("data/nlu.yml", "- my oven", '- my [oven]{"entity": "produkt", "value": "oven"}', "the domain has no entity produkt."),
    ("data/nlu.yml", "- a dishwasher", "- hello", "the same sentence is under inform here and under greet in data/nlu.yml:"),
    ("data/nlu.yml", "[opening-hours]", "[opening-hour]", "there is no article 'opening-hour'. Did you mean opening-hours?"),
    ("data/nlu.yml", "articles: [opening-hours]", "articles: [opening-hours], offers: repairs", "what is offered, repairs, is no intent of the domain. Did you mean repair?"),
    ("data/nlu.yml", "articles: [opening-hours]", "articles: [opening-hours], offers: repair", "the domain has no response utter_offer_repair, with which repair is offered."),
    ("config.yml", "agreed_threshold: 0.1", "max_wrong_answer: 0.1", "WarmlineKnowledge has no setting max_wrong_answer. Did you mean max_wrong_answers?"),
    ("config.yml", "max_history: 5", "max_histori: 5", "WarmlineMemoization has no setting max_histori. Did you mean max_history?"),
    ("config.yml", "name: RulePolicy", "name: RulesPolicy", "Rasa has no component RulesPolicy. Did you mean RulePolicy?"),
    ("config.yml", "name: RulePolicy", "name: RulePolicy\n    core_fallback_treshold: 0.3", "RulePolicy has no setting core_fallback_treshold. Did you mean core_fallback_threshold?"),
    ("config.yml", "scope.WarmlineScope", "scope.WarmlineScop", "there is no component bot.brain.components.scope.WarmlineScop. Did you mean bot.brain.components.scope.WarmlineScope?"),
    ("config.yml", "policies:", "polices:", "Rasa does not read polices. Did you mean policies?"),
    ("actions/all.py", "class Sorry(Action):", "class Sorry(Action)", "this is not Python (expected ':')."),
    ("actions/all.py", "from rasa_sdk import Action", "from rasa_sdk import Action\nfrom actions.orders import find", "there is no module actions.orders."),
]  # fmt: skip
