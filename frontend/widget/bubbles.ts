/** One message of the conversation as elements. */

import { timeOfDay } from "../shared/clock";
import { h, icon, outerLink, words } from "../shared/dom";
import { safeHref } from "../shared/linkify";
import { richText } from "../shared/rich_text";
import { icons } from "./icons";
import type { Choice, Citation, Rating } from "./protocol";
import { texts } from "./texts";
import type { Item } from "./timeline";

export interface Acts {
  /** A button was pressed. */
  choose(choice: Choice): void;
  /** A thumb was set or taken back; gives what stands then. */
  rate(seq: number, rating: Rating): Promise<Rating>;
  /** The visitor wants a refused message back. */
  edit(item: Item): void;
}

/** Whether the buttons act, and how the message stands among its neighbours. */
export interface Place {
  readonly open: boolean;
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
}

/** Changes exactly when the elements would; a thumb moves by itself, so that the focus stays on it. */
export function fingerprint(item: Item, place: Place): string {
  return [item.status, item.why, item.text, item.at, place.open, place.startsGroup, place.endsGroup].join("\u0000");
}

export function bubble(item: Item, place: Place, base: string, acts: Acts): HTMLElement {
  if (item.author === "system") {
    return h("div", { class: "notice" }, h("p", { dir: "auto" }, ...words(item.text)), choices(item, place, acts));
  }
  const name = item.authorName ?? texts.authors[item.author];
  const classes = ["row", item.author, place.startsGroup && "first", place.endsGroup && "last"];
  return h(
    "div",
    { class: classes.filter(Boolean).join(" ") },
    place.startsGroup && item.author !== "customer"
      ? h("p", { class: "author" }, name)
      : h("span", { class: "unseen" }, `${name}: `),
    h("div", { class: "bubble", dir: "auto" }, ...richText(item.text, item.format)),
    item.citation && source(item.citation, base),
    choices(item, place, acts),
    foot(item, place, acts),
  );
}

function source({ title, heading, url }: Citation, base: string): HTMLElement {
  const label = heading && heading !== title ? `${title} – ${heading}` : title;
  const href = absolute(url, base);
  return h(
    "p",
    { class: "source" },
    icon(icons.page),
    h("span", { class: "unseen" }, `${texts.source}: `),
    href ? outerLink(href, label) : label,
  );
}

function absolute(url: string | null, base: string): string | null {
  if (!url) return null;
  try {
    return safeHref(new URL(url, `${base}/`).href);
  } catch {
    return null;
  }
}

function choices(item: Item, place: Place, acts: Acts): HTMLElement | null {
  if (!place.open || item.choices.length === 0) return null;
  const group = h("div", { class: "choices", role: "group", "aria-label": texts.replies });
  for (const choice of item.choices) {
    const press = (): void => {
      // Once only: the buttons go at once, whatever the network does.
      for (const button of group.querySelectorAll("button")) button.disabled = true;
      acts.choose(choice);
    };
    group.append(h("button", { type: "button", class: "choice", dir: "auto", on: { click: press } }, choice.title));
  }
  return group;
}

function foot(item: Item, place: Place, acts: Acts): HTMLElement | null {
  if (item.status === "sending") return h("p", { class: "foot" }, texts.sending);
  if (item.status === "retrying") return h("p", { class: "foot warn" }, texts.retrying);
  if (item.status === "slowed") return h("p", { class: "foot warn" }, texts.slowed);
  if (item.status === "refused") {
    const edit = h("button", { type: "button", class: "plain", on: { click: () => acts.edit(item) } }, texts.edit);
    return h("p", { class: "foot warn" }, `${texts.refused}: ${item.why ?? ""} `, edit);
  }
  if (!(place.endsGroup || item.rating) || !item.at) return null;
  return h(
    "div",
    { class: "foot" },
    h("time", { datetime: item.at, dir: "auto" }, timeOfDay(item.at)),
    thumbs(item, acts),
  );
}

function thumbs({ seq, rating }: Item, acts: Acts): HTMLElement | null {
  if (!rating || seq === null) return null;
  let wanted = rating;
  const failed = h("span", {});
  const group = h("span", { class: "thumbs", role: "group", "aria-label": texts.helpful });
  const buttons = (["up", "down"] as const).map((thumb) => {
    const press = async (): Promise<void> => {
      const mine = wanted === thumb ? "open" : thumb;
      show(mine);
      failed.textContent = "";
      const kept = await acts.rate(seq, mine);
      if (wanted !== mine || kept === mine) return;
      show(kept);
      failed.textContent = ` ${texts.backFailed}`;
    };
    const name = texts.thumbs[thumb];
    const on = { click: () => void press() };
    return h(
      "button",
      { type: "button", class: `thumb ${thumb}`, "aria-label": name, title: name, on },
      icon(icons.thumb),
    );
  });
  function show(now: Rating): void {
    wanted = now;
    buttons.forEach((button, at) => {
      button.setAttribute("aria-pressed", String((at === 0 ? "up" : "down") === now));
    });
  }
  show(rating);
  group.append(...buttons, failed);
  return group;
}
