/** The wrap-up form, for resolving and for giving back: it comes filled, and the agent has the last word. */

import { h } from "../shared/dom";
import type { Resolved, Returned } from "./api";
import { ask, field, moment, picked, radios } from "./ask";
import { readable, valueText } from "./names";
import type { Outcome, Promise_, WrapUp } from "./protocol";

const LONGEST_NOTE = 1000; // characters; a note is read while somebody waits
const LONGEST_VALUE = 200; // the gateway's own limit of a corrected fact

export function askReturn(wrapUp: WrapUp | null): Promise<Returned | null> {
  const note = noteField(wrapUp);
  const facts = factFields(wrapUp);
  const promise = promiseFields();
  const content = [
    h("p", { class: "small" }, "The assistant answers from here on, and the customer is told."),
    radios(
      "outcome",
      "How far did you get?",
      [
        ["returned", "The assistant should continue"],
        ["solved", "It is solved"],
        ["not_solved", "It is not solved"],
      ],
      wrapUp?.outcome === "solved" ? "solved" : "returned",
    ),
    field("What should the assistant and the next agent know?", note),
    facts.element,
    promise.element,
  ];
  return ask("Back to the assistant", "Hand back", content, (form) => ({
    outcome: picked(form, "outcome") as Returned["outcome"],
    note: note.value.trim(),
    commitments: promise.value(),
    changed_slots: facts.changed(),
  }));
}

export function askResolve(wrapUp: WrapUp | null): Promise<Resolved | null> {
  const outcomes: [Outcome, string][] = [
    ["solved", "Solved"],
    ["not_solved", "Could not be solved"],
    ["no_reply", "The customer no longer replies"],
  ];
  const note = noteField(wrapUp);
  const promise = promiseFields();
  const reason = wrapUp && h("p", { class: "small" }, `Reason: ${wrapUp.reason.text}`);
  const content = [
    reason,
    radios("outcome", "How did it end?", outcomes, wrapUp?.outcome ?? null),
    field("Note for the team (the customer does not see it)", note),
    facts(wrapUp),
    promise.element,
  ];
  return ask("Resolve", "Resolve", content, (form) => ({
    outcome: picked(form, "outcome") as Outcome,
    note: note.value.trim(),
    commitments: promise.value(),
  }));
}

function noteField(wrapUp: WrapUp | null): HTMLTextAreaElement {
  const note = h("textarea", { rows: 3, maxlength: LONGEST_NOTE, dir: "auto" });
  note.value = wrapUp?.note ?? "";
  return note;
}

/** What is known, to be read. */
function facts(wrapUp: WrapUp | null): HTMLElement | null {
  const known = Object.entries(wrapUp?.slots ?? {}).filter(([, { sensitive }]) => !sensitive);
  if (known.length === 0) return null;
  const rows = known.map(([name, { value, changed }]) =>
    h(
      "div",
      {},
      h("dt", {}, readable(name)),
      h("dd", { dir: "auto" }, valueText(value), changed && h("span", { class: "tag good" }, "new")),
    ),
  );
  return h(
    "details",
    { class: "more-fields" },
    h("summary", {}, "What is known"),
    h("dl", { class: "facts" }, ...rows),
  );
}

/** What is known, to be corrected; only what was changed goes to the assistant. */
function factFields(wrapUp: WrapUp | null): { element: HTMLElement | null; changed: () => Record<string, string> } {
  const slots = Object.entries(wrapUp?.slots ?? {});
  const inputs = slots.map(([name, { value, changed }]) => {
    const input = h("input", { maxlength: LONGEST_VALUE, dir: "auto" });
    input.value = value === null || typeof value === "object" ? "" : String(value);
    return { name, input, before: changed ? null : input.value };
  });
  if (inputs.length === 0) return { element: null, changed: () => ({}) };
  const rows = inputs.map(({ name, input }) => field(readable(name), input));
  const element = h("details", { class: "more-fields" }, h("summary", {}, "Correct what is known"), ...rows);
  if (slots.some(([, { changed }]) => changed)) element.open = true;
  const changed = (): Record<string, string> =>
    Object.fromEntries(
      inputs
        .filter(({ input, before }) => input.value.trim() !== "" && input.value !== before)
        .map(({ name, input }) => [name, input.value.trim()]),
    );
  return { element, changed };
}

function promiseFields(): { element: HTMLElement; value: () => Promise_[] } {
  const text = h("input", { maxlength: 500, dir: "auto" });
  const due = h("input", { type: "datetime-local" });
  const remind = h(
    "select",
    {},
    h("option", { value: "customer" }, "the customer"),
    h("option", { value: "agent" }, "the team"),
  );
  const element = h(
    "details",
    { class: "more-fields" },
    h("summary", {}, "Something was promised"),
    field("What", text),
    field("By when", due),
    field("Then remind", remind),
  );
  const value = (): Promise_[] => {
    if (text.value.trim() === "") return [];
    return [{ text: text.value.trim(), due_at: moment(due.value), remind: remind.value as Promise_["remind"] }];
  };
  return { element, value };
}
