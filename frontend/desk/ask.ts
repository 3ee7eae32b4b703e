/** A dialog that asks for something and gives the answer, or null when the person changed their mind. */

import { h } from "../shared/dom";

export function ask<T>(
  title: string,
  confirm: string | null,
  content: readonly (Node | null)[],
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

let numbered = 0;

/** A field with its label. */
export function field(label: string, input: HTMLElement): HTMLElement {
  input.id ||= `field-${++numbered}`;
  return h("div", { class: "field-row" }, h("label", { for: input.id }, label), input);
}

export function radios(
  name: string,
  legend: string,
  choices: readonly (readonly [string, string])[],
  chosen: string | null,
): HTMLElement {
  const made = choices.map(([value, text]) =>
    h(
      "label",
      { class: "radio" },
      h("input", { type: "radio", name, value, checked: value === chosen, required: true }),
      text,
    ),
  );
  return h("fieldset", {}, h("legend", {}, legend), ...made);
}

export function picked(form: HTMLFormElement, name: string): string {
  return String(new FormData(form).get(name) ?? "");
}

/** A time in the agent's own zone as the gateway takes it; null when there is none. */
export function moment(local: string): string | null {
  const date = new Date(local);
  return local === "" || Number.isNaN(date.valueOf()) ? null : date.toISOString();
}
