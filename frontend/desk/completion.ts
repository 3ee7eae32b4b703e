/** The list that opens below a text field after "/" (canned replies) or "@" (colleagues). */

import { h } from "../shared/dom";

export interface Choice {
  readonly label: string;
  readonly hint: string;
  /** What stands in place of the mark and the letters after it. */
  readonly insert: string;
}

/** The mark and the letters after it, just before the caret; null when there is none. */
export function openMark(text: string, caret: number): { mark: "/" | "@"; typed: string; from: number } | null {
  const before = text.slice(0, caret);
  const match = /(^|\s)([/@])([\p{L}\p{N}_.-]{0,32})$/u.exec(before);
  if (!match) return null;
  const typed = match[3] ?? "";
  return { mark: match[2] as "/" | "@", typed, from: caret - typed.length - 1 };
}

const MOST = 8;

export class Completion {
  readonly element = h("ul", { class: "completion", id: "completion", role: "listbox", hidden: true });
  private choices: readonly Choice[] = [];
  private at = 0;

  constructor(
    private readonly input: HTMLTextAreaElement,
    private readonly find: (mark: "/" | "@", typed: string) => readonly Choice[],
    private readonly onTaken: () => void,
  ) {
    this.element.setAttribute("aria-label", "Completions");
    input.setAttribute("aria-autocomplete", "list");
    input.addEventListener("input", () => this.look());
    // A button that opens the list takes the focus for a moment and gives it back.
    input.addEventListener("blur", () => setTimeout(() => input.matches(":focus") || this.close(), 150));
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  /** True when the key was for the list. */
  key(event: KeyboardEvent): boolean {
    if (!this.open) return false;
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : this.choices.length - 1;
      this.at = (this.at + by) % this.choices.length;
      this.draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.take(this.at);
    else return false;
    return true;
  }

  close(): void {
    this.element.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
    this.input.removeAttribute("aria-controls");
  }

  private look(): void {
    const open = openMark(this.input.value, this.input.selectionStart);
    this.choices = open ? this.find(open.mark, open.typed.toLowerCase()).slice(0, MOST) : [];
    this.at = 0;
    if (this.choices.length === 0) this.close();
    else this.draw();
  }

  private draw(): void {
    const options = this.choices.map(({ label, hint }, at) => {
      const option = h("li", { role: "option", id: `completion-${at}`, "aria-selected": String(at === this.at) });
      option.append(h("b", {}, label), " ", h("span", { class: "small" }, hint));
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.take(at);
      });
      return option;
    });
    this.element.replaceChildren(...options);
    this.element.hidden = false;
    this.input.setAttribute("aria-controls", "completion");
    this.input.setAttribute("aria-activedescendant", `completion-${this.at}`);
  }

  private take(at: number): void {
    const choice = this.choices[at];
    const caret = this.input.selectionStart;
    const open = openMark(this.input.value, caret);
    this.close();
    if (!choice || !open) return;
    this.input.setRangeText(choice.insert, open.from, caret, "end");
    this.onTaken();
  }
}
