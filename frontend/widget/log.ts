/**
 * The list of messages: redraws only what changed. It stays at the end, through keyboards and turned telephones too,
 * unless the visitor scrolled up to read or the newest answer is longer than the window: then its beginning shows.
 */

import { dayName } from "../shared/clock";
import { arrange, h, icon } from "../shared/dom";
import { type Acts, bubble, fingerprint } from "./bubbles";
import type { Snapshot } from "./conversation";
import { icons } from "./icons";
import { texts } from "./texts";
import type { Item } from "./timeline";

const NEAR = 60; // px from the end that still count as being there
const GAP = 10; // px above the beginning of a long answer
const ONE_ANSWER = 5_000; // ms; messages of one turn are stored together, a person's next one comes later

export class Log {
  readonly element: HTMLElement;
  /** Takes the reader to the end when something arrived out of sight. */
  readonly jump: HTMLButtonElement;
  private readonly below = h("span", {});
  private readonly typing = h("div", { class: "typing", hidden: true });
  private readonly drawn = new Map<string, { print: string; element: HTMLElement }>();
  private lastKey = "";
  /** Where the newest answer begins. */
  private newest: HTMLElement | null = null;
  /** Follows the end. */
  private pinned = true;
  /** Where it was last put; anywhere else is where the visitor went. */
  private put = 0;
  private wentUp = false;

  constructor(
    private readonly base: string,
    private readonly acts: Acts,
  ) {
    this.element = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.log, tabindex: 0 });
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, on: { click: () => this.toEnd() } },
      icon(icons.down),
      this.below,
    );
    this.element.addEventListener("scroll", () => {
      const at = this.element.scrollTop;
      const moved = Math.abs(at - this.put) > 1;
      // Where it was put, and not the end any more: the window shrank in the same frame; the visitor moved nothing.
      if (this.atEnd()) {
        this.pinned = true;
        this.put = at;
        this.jump.hidden = true;
      } else if (moved) this.pinned = false;
      if (moved) this.wentUp = !this.pinned;
    });
    // A keyboard, a turned telephone: what was at the end stays there.
    new ResizeObserver(() => {
      if (this.pinned) this.toEnd();
    }).observe(this.element);
    this.typing.append(h("span", { class: "dot" }), h("span", { class: "dot" }), h("span", { class: "dot" }));
  }

  draw({ items, open, typing, settled, state }: Snapshot): void {
    const stay = this.pinned;
    const elements: HTMLElement[] = [];
    const seen = new Set<string>();
    const keep = (key: string, print: string, make: () => HTMLElement): HTMLElement => {
      let drawn = this.drawn.get(key);
      if (drawn?.print !== print) {
        drawn = { print, element: make() };
        this.drawn.set(key, drawn);
      }
      seen.add(key);
      elements.push(drawn.element);
      return drawn.element;
    };
    const days = daysOf(items);
    const from = beginningOfNewest(items);
    items.forEach((item, at) => {
      const day = days[at];
      if (day) keep(`day ${day.key}`, day.name, () => h("p", { class: "day" }, day.name));
      const before = items[at - 1];
      const after = items[at + 1];
      const place = {
        open: open.has(item.key),
        startsGroup: day !== undefined || before?.author !== item.author || before.authorName !== item.authorName,
        endsGroup: days[at + 1] !== undefined || after?.author !== item.author || after.authorName !== item.authorName,
      };
      const element = keep(item.key, fingerprint(item, place), () => bubble(item, place, this.base, this.acts));
      if (at === from) this.newest = element;
    });
    if (from < 0) this.newest = null;
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
    const fresh = last !== undefined && last.key !== this.lastKey;
    if (!settled && !this.wentUp) this.toNewest();
    else if (fresh && last.author === "customer") this.toEnd();
    else if (fresh && stay) this.toNewest(this.element.scrollTop);
    else if (stay) this.toEnd();
    else if (fresh) this.offer(texts.newMessages);
    this.lastKey = last?.key ?? "";
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
    this.put = this.element.scrollTop;
    this.wentUp = false;
    this.pinned = true;
    this.jump.hidden = true;
  }

  /** The newest answer, from its beginning when it does not fit; never back above what is seen already. */
  toNewest(seenFrom = 0): void {
    const { scrollHeight, clientHeight } = this.element;
    const end = scrollHeight - clientHeight;
    const beginning = this.newest ? Math.max(seenFrom, this.newest.offsetTop - GAP) : end;
    if (beginning >= end - NEAR || clientHeight === 0) {
      this.toEnd();
      return;
    }
    this.element.scrollTop = beginning;
    this.put = this.element.scrollTop;
    this.wentUp = false;
    this.pinned = false;
    this.offer(texts.more);
  }

  private offer(label: string): void {
    this.below.textContent = label;
    this.jump.hidden = false;
  }

  private atEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }
}

/** The first item of the answer at the end, -1 when the visitor spoke last. */
function beginningOfNewest(items: readonly Item[]): number {
  let from = items.length - 1;
  if (from < 0 || items[from]?.author === "customer") return -1;
  for (; from > 0; from--) {
    const before = items[from - 1] as Item;
    const apart = Date.parse((items[from] as Item).at) - Date.parse(before.at);
    if (before.author === "customer" || !(apart < ONE_ANSWER)) break;
  }
  return from;
}

/** The days that begin with an item; none as long as all of it is of today. */
function daysOf(items: readonly Item[]): ({ key: string; name: string } | undefined)[] {
  const now = new Date();
  const days: ({ key: string; name: string } | undefined)[] = [];
  let before = "";
  items.forEach((item, at) => {
    const name = dayName(item.at, now, texts);
    if (name === "" || name === before) return;
    if (before !== "" || name !== texts.today) days[at] = { key: new Date(item.at).toDateString(), name };
    before = name;
  });
  return days;
}
