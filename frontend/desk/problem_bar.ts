/** What went wrong, until it is put right or somebody closes it. */

import { h } from "../shared/dom";

export class ProblemBar {
  readonly element: HTMLElement;
  private readonly text = h("span", { role: "alert" });

  constructor() {
    const close = h("button", { type: "button", class: "quiet", on: { click: () => this.say("") } }, "Close");
    close.setAttribute("aria-label", "Close this message");
    this.element = h("div", { class: "problem", hidden: true }, this.text, close);
  }

  say(text: string): void {
    this.text.textContent = text;
    this.element.hidden = text === "";
  }
}
