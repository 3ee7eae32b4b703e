/** What the bot would say, above the field: up to three replies with their source, and the next best action. */

import { h, outerLink } from "../shared/dom";
import { asItReads } from "./formatted";
import { readable } from "./names";
import type { Entry, Offer, Source } from "./protocol";
import { sourceHref } from "./source_link";
import type { MadeOf } from "./story";

const KINDS: Record<Offer["kind"], string> = {
  answer: "The assistant would answer",
  looked_up: "Looked up",
  say: "The assistant would say",
  passage: "From an article",
};

export class SuggestionPanel {
  readonly element = h("section", { class: "suggestions", "aria-label": "Suggested replies", hidden: true });
  private shown: Entry | null = null;
  private readonly away = new Set<string>();

  constructor(
    private readonly onUse: (text: string, madeOf: MadeOf | null) => void,
    private readonly onReject: (madeOf: MadeOf) => void,
  ) {}

  draw(entry: Entry | null): void {
    if (entry === this.shown) return;
    this.shown = entry;
    this.render();
  }

  /** By keyboard: the first, second or third that is shown. */
  use(number: number): void {
    const offers = this.offers();
    const offer = offers[number - 1];
    if (offer) this.onUse(offer.text, offer.madeOf);
  }

  private offers(): { text: string; madeOf: MadeOf; offer: Offer }[] {
    const entry = this.shown;
    return (entry?.suggestion?.offers ?? [])
      .map((offer, at) => ({ text: offer.text, offer, madeOf: { seq: entry?.seq ?? 0, offer: at } }))
      .filter(({ offer, madeOf }) => offer.verdict !== "rejected" && !this.away.has(`${madeOf.seq}.${madeOf.offer}`));
  }

  private render(): void {
    const offers = this.offers();
    const cards = offers.map(({ text, madeOf, offer }, at) => {
      const use = h(
        "button",
        {
          type: "button",
          class: "use",
          "aria-keyshortcuts": `Alt+${at + 1}`,
          on: { click: () => this.onUse(text, madeOf) },
        },
        "Use",
        h("kbd", { "aria-hidden": "true" }, `Alt ${at + 1}`),
      );
      const reject = h(
        "button",
        {
          type: "button",
          class: "link",
          "aria-label": `Dismiss suggestion ${at + 1}`,
          on: { click: () => this.reject(madeOf) },
        },
        "Dismiss",
      );
      return h(
        "li",
        { class: "offer" },
        h("div", { class: "offer-acts" }, use, reject),
        h("p", { class: "offer-kind" }, KINDS[offer.kind], source(offer.source)),
        // It scrolls when it is long: the keyboard must reach it too (WCAG 2.1.1).
        h("div", { class: "offer-text rich", dir: "auto", tabindex: 0 }, ...asItReads(offer)),
      );
    });
    const next = this.next();
    this.element.hidden = cards.length === 0 && next === null;
    this.element.replaceChildren(...(next ? [next] : []), h("ul", { class: "offers" }, ...cards));
  }

  private next(): HTMLElement | null {
    const action = this.shown?.suggestion?.next_action;
    if (!action) return null;
    const text = [action.text, ...action.choices.map((choice) => `– ${choice}`)]
      .filter((line) => line !== "")
      .join("\n");
    const verb = action.kind === "start_form" ? "start" : "go on with";
    return h(
      "p",
      { class: "next-action" },
      h("span", {}, `Next best action: ${verb} “${readable(action.form)}”`),
      action.choices.length > 0 && h("span", { class: "small" }, `offering ${action.choices.join(", ")}`),
      text !== "" &&
        h("button", { type: "button", class: "link", on: { click: () => this.onUse(text, null) } }, "Use its question"),
    );
  }

  private reject(madeOf: MadeOf): void {
    this.away.add(`${madeOf.seq}.${madeOf.offer}`);
    this.onReject(madeOf);
    this.render();
  }
}

function source(from: Source | null): HTMLElement | null {
  if (!from) return null;
  if (from.action) return h("span", {}, ` · ${readable(from.action)}`);
  const label = from.heading && from.heading !== from.title ? `${from.title} – ${from.heading}` : (from.title ?? "");
  const href = from.url ? sourceHref(from.url) : null;
  return h("span", {}, " · ", href ? outerLink(href, label) : label);
}
