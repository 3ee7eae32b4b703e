/** Where the visitor writes: Enter sends, Shift+Enter starts a line, and near the limit a counter appears. */

import { h, icon } from "../shared/dom";
import { icons } from "./icons";
import { LONGEST_MESSAGE } from "./protocol";
import { texts } from "./texts";

const COUNT_FROM = 300; // characters left; before that a counter only distracts

export class Composer {
  readonly element: HTMLFormElement;
  readonly input: HTMLTextAreaElement;
  private readonly counter = h("p", { class: "counter", id: "counter", hidden: true });
  private readonly button = h("button", { type: "submit", class: "send", "aria-label": texts.send }, icon(icons.send));

  constructor(
    private readonly onSend: (text: string) => void,
    private readonly onTyping: () => void,
    private readonly onDraft: (text: string) => void,
  ) {
    this.input = h("textarea", {
      id: "compose",
      rows: 1,
      dir: "auto",
      placeholder: texts.placeholder,
      "aria-describedby": "counter",
      enterkeyhint: "send",
      on: { input: () => this.typed(), keydown: (event) => this.key(event) },
    });
    this.element = h(
      "form",
      { class: "composer" },
      h("label", { class: "unseen", for: "compose" }, texts.compose),
      h("div", { class: "field" }, this.input, this.button),
      this.counter,
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    // Not through changed(): the empty field must not wipe what is kept of it.
    this.button.disabled = true;
  }

  set text(text: string) {
    this.restore(text);
    this.input.focus();
  }

  /** Words that were written before. */
  restore(text: string): void {
    this.input.value = text;
    this.changed();
  }

  private key(event: KeyboardEvent): void {
    // While a word is being composed (Japanese, Chinese, Korean), Enter belongs to the input method.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  private submit(): void {
    const text = this.input.value.trim();
    if (text === "" || text.length > LONGEST_MESSAGE) return;
    this.onSend(text);
    this.input.value = "";
    this.changed();
    this.input.focus();
  }

  private typed(): void {
    this.changed();
    if (this.input.value.trim() !== "") this.onTyping();
  }

  private changed(): void {
    this.onDraft(this.input.value);
    const left = LONGEST_MESSAGE - this.input.value.trim().length;
    this.counter.hidden = left > COUNT_FROM;
    this.counter.textContent = left > COUNT_FROM ? "" : texts.left(left);
    this.counter.classList.toggle("over", left < 0);
    this.button.disabled = left < 0 || this.input.value.trim() === "";
    this.input.setAttribute("aria-invalid", String(left < 0));
    this.input.style.height = "";
    // A hidden field has no height to follow, and an empty one is as high as one line.
    if (this.input.value !== "" && this.input.scrollHeight > 0) {
      this.input.style.height = `${this.input.scrollHeight}px`;
    }
  }
}
