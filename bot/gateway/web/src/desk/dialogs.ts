/** The desk's dialogs: giving a conversation back, finishing it, and the list of shortcuts. */

import { h } from "../shared/dom";
import type { Outcome } from "./protocol";

const LONGEST_NOTE = 1000; // characters; a note is read while somebody waits

/** Resolves with the note, or null when the agent changed their mind. */
export function askReturn(): Promise<string | null> {
  const note = h("textarea", { id: "return-note", rows: 3, maxlength: LONGEST_NOTE, dir: "auto" });
  const content = [
    h("p", {}, "The assistant answers again from here on, and the customer is told."),
    h("label", { for: "return-note" }, "What should the assistant and the next agent know?"),
    note,
  ];
  return ask("Back to the assistant", "Hand back", content, () => note.value.trim());
}

/** Resolves with how it ended, or null when the agent changed their mind. */
export function askResolve(): Promise<{ outcome: Outcome; note: string } | null> {
  const outcomes: [Outcome, string][] = [
    ["solved", "Solved"],
    ["not_solved", "Could not be solved"],
    ["no_reply", "The customer no longer replies"],
  ];
  const radios = outcomes.map(([value, title], at) =>
    h("label", { class: "radio" }, h("input", { type: "radio", name: "outcome", value, checked: at === 0 }), title),
  );
  const note = h("textarea", { id: "resolve-note", rows: 3, maxlength: LONGEST_NOTE, dir: "auto" });
  const content = [
    h("fieldset", {}, h("legend", {}, "How did it end?"), ...radios),
    h("label", { for: "resolve-note" }, "Note for the team (the customer does not see it)"),
    note,
  ];
  return ask("Resolve", "Resolve", content, (form) => ({
    outcome: String(new FormData(form).get("outcome")) as Outcome,
    note: note.value.trim(),
  }));
}

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ["Alt ↓ / Alt ↑", "Next or previous ticket"],
  ["Alt N", "Open who has waited longest"],
  ["Alt C", "Claim"],
  ["Alt M", "Write a reply"],
  ["Enter or Ctrl Enter", "Send"],
  ["Shift Enter", "New line"],
  ["Alt B", "Back to the assistant"],
  ["Alt R", "Resolve"],
  ["Alt K", "This list"],
];

export function showShortcuts(): Promise<true | null> {
  const rows = SHORTCUTS.map(([keys, what]) => h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, what)));
  return ask("Shortcuts", null, [h("dl", { class: "shortcuts" }, ...rows)], () => true as const);
}

function ask<T>(
  title: string,
  confirm: string | null,
  content: readonly Node[],
  answer: (form: HTMLFormElement) => T,
): Promise<T | null> {
  return new Promise((resolve) => {
    let result: T | null = null;
    const close = (): void => dialog.close();
    const heading = `dialog-${title.replaceAll(/\W+/g, "-").toLowerCase()}`;
    const form = h(
      "form",
      {},
      h("h2", { id: heading }, title),
      ...content,
      h(
        "div",
        { class: "dialog-foot" },
        h("button", { type: "button", on: { click: close } }, confirm ? "Cancel" : "Close"),
        confirm !== null && h("button", { type: "submit", class: "primary" }, confirm),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      result = answer(form);
      dialog.close();
    });
    const dialog = h("dialog", { "aria-labelledby": heading }, form);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** True while a dialog asks something: shortcuts wait. */
export function dialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
