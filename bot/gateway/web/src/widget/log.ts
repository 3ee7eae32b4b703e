/** The list of messages: redraws only what changed, and stays at the end unless the visitor scrolled up to read. */

import { arrange, h, icon } from "../shared/dom";
import { type Acts, bubble, fingerprint } from "./bubbles";
import type { Snapshot } from "./conversation";
import { icons } from "./icons";
import { texts } from "./texts";

const NEAR = 60; // px from the end that still count as being there

export class Log {
  readonly element: HTMLElement;
  /** Takes the reader to the end when something arrived out of sight. */
  readonly jump: HTMLButtonElement;
  private readonly typing = h("div", { class: "typing", hidden: true });
  private readonly drawn = new Map<string, { print: string; element: HTMLElement }>();
  private lastKey = "";

  constructor(
    private readonly base: string,
    private readonly acts: Acts,
  ) {
    this.element = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.log, tabindex: 0 });
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, on: { click: () => this.toEnd() } },
      icon(icons.down),
      texts.newMessages,
    );
    this.element.addEventListener("scroll", () => {
      if (this.atEnd()) this.jump.hidden = true;
    });
    this.typing.append(h("span", { class: "dot" }), h("span", { class: "dot" }), h("span", { class: "dot" }));
  }

  draw({ items, open, typing, settled, state }: Snapshot): void {
    const stay = this.atEnd();
    const elements: HTMLElement[] = [];
    const seen = new Set<string>();
    items.forEach((item, at) => {
      const before = items[at - 1];
      const after = items[at + 1];
      const place = {
        open: open.has(item.key),
        startsGroup: before?.author !== item.author || before.authorName !== item.authorName,
        endsGroup: after?.author !== item.author || after.authorName !== item.authorName,
      };
      const print = fingerprint(item, place);
      let drawn = this.drawn.get(item.key);
      if (drawn?.print !== print) {
        drawn = { print, element: bubble(item, place, this.base, this.acts) };
        this.drawn.set(item.key, drawn);
      }
      seen.add(item.key);
      elements.push(drawn.element);
    });
    for (const key of this.drawn.keys()) if (!seen.has(key)) this.drawn.delete(key);
    arrange(this.element, [...elements, this.typing]);
    this.typing.hidden = typing === null;
    if (typing) {
      const who = typing === "human" ? (state.agent_name ?? texts.authors.human) : texts.authors.bot;
      this.typing.title = texts.typing(who);
    }
    // History that is being read in is no news; what comes after it is.
    this.element.setAttribute("aria-live", settled ? "polite" : "off");
    const last = items.at(-1);
    const own = last?.author === "customer" && last.key !== this.lastKey;
    if (stay || own || !settled) this.toEnd();
    else if (last && last.key !== this.lastKey) this.jump.hidden = false;
    this.lastKey = last?.key ?? "";
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
    this.jump.hidden = true;
  }

  private atEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }
}
