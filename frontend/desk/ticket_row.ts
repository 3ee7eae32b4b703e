/** One row of a list: who it is, their place in the queue and why, what is special, and how long they wait. */

import { age } from "../shared/clock";
import { h } from "../shared/dom";
import { hueOf, initialsOf, namePartsOf } from "./names";
import type { Standing, Ticket } from "./protocol";

// Seconds of waiting after which it is said, and said loudly: the service level promises somebody within two minutes
// (bot/gateway/desk/supervision.py), and an answer should not take much longer than that.
const SOON: Partial<Record<Standing, number>> = { waiting: 60, mine: 120, team: 120 };
const LATE: Partial<Record<Standing, number>> = { waiting: 120, mine: 300, team: 300 };

export interface Around {
  readonly more: string;
  /** The number in the queue, from 1; null outside it. */
  readonly place: number | null;
  readonly ahead: string;
  readonly open: boolean;
  readonly unread: boolean;
  readonly mentioned: boolean;
}

export class Row {
  readonly element = h("li");
  private readonly picture = h("span", { "aria-hidden": "true" });
  private readonly place = h("span", { class: "place" });
  private readonly kind = h("span", { class: "who-kind" });
  private readonly code = h("span", { class: "who-code" });
  private readonly name = h("span", { class: "who" }, this.kind, " ", this.code);
  private readonly when = h("span", { class: "age" });
  private readonly why = h("span", { class: "why" });
  private readonly more = h("span", { class: "more" });
  private readonly ahead = h("span", { class: "ahead" });
  private readonly dot = h("span", { class: "new", hidden: true }, "new");
  private readonly mention = h("span", { class: "new mention", hidden: true }, "@ you");
  private readonly marks = h("span", { class: "row-marks" });
  private readonly button: HTMLButtonElement;

  constructor(onOpen: () => void) {
    const top = h("span", { class: "row-top" }, this.place, this.name, this.when);
    const words = h("span", { class: "row-words" }, top, this.marks, this.why, this.more, this.ahead);
    const button = { type: "button", class: "ticket", on: { click: onOpen } } as const;
    this.button = h("button", button, this.picture, words);
    this.element.append(this.button);
  }

  draw(ticket: Ticket, { more, place, ahead, open, unread, mentioned }: Around): void {
    const [kind, code] = namePartsOf(ticket);
    set(this.kind, kind);
    set(this.code, code);
    set(this.picture, initialsOf(ticket));
    this.picture.className = `picture hue-${hueOf(ticket)}`;
    set(this.place, place === null ? "" : `${place}.`);
    this.place.hidden = place === null;
    if (place !== null) this.place.title = `Number ${place} in the queue`;
    set(this.why, ticket.reason.text);
    set(this.more, more);
    this.more.hidden = more === "";
    set(this.ahead, ahead);
    this.ahead.hidden = ahead === "";
    this.dot.hidden = !unread;
    this.mention.hidden = !mentioned;
    const tags = marksOf(ticket).map(({ text, hot }) => h("span", { class: hot ? "tag hot" : "tag" }, text));
    this.marks.replaceChildren(this.dot, this.mention, ...tags);
    this.marks.hidden = !unread && !mentioned && tags.length === 0;
    if (open) this.button.setAttribute("aria-current", "true");
    else this.button.removeAttribute("aria-current");
  }

  /** `waiting`: seconds that the customer waits; null when it is ours to wait. */
  age(seconds: number, waiting: number | null, standing: Standing): void {
    const late = waiting !== null && waiting >= (LATE[standing] ?? Number.POSITIVE_INFINITY);
    const soon = waiting !== null && waiting >= (SOON[standing] ?? Number.POSITIVE_INFINITY);
    const since = standing === "closed" ? age(seconds) : waiting === null ? "answered" : age(waiting);
    set(this.when, late ? `${since}, late` : since);
    this.when.classList.toggle("late", late);
    this.when.classList.toggle("soon", soon && !late);
  }
}

/** What is special about a ticket, a word or two each. */
export function marksOf({ state, snoozed_until, priority, callback_at, contact }: Ticket): {
  readonly text: string;
  readonly hot: boolean;
}[] {
  const marks: { text: string; hot: boolean }[] = [];
  if (priority === "urgent" || priority === "high") marks.push({ text: priority, hot: true });
  if (state === "accepted" && snoozed_until !== null) marks.push({ text: "snoozed", hot: false });
  if (state === "scheduled" || (state === "queued" && callback_at !== null))
    marks.push({ text: "call back", hot: false });
  if (contact?.address) marks.push({ text: "by e-mail", hot: false });
  return marks;
}

function set(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
