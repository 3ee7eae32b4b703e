/** One line of a conversation as the agent sees it: message, note, change of state, or what the bot was thinking. */

import { timeOfDay } from "../shared/clock";
import { h, outerLink, words } from "../shared/dom";
import { asItReads } from "./formatted";
import { marks, type OnMark, thumb } from "./marks";
import { percent, readable, valueText } from "./names";
import type { Entry, Trace } from "./protocol";
import { sourceHref } from "./source_link";
import type { Reply } from "./story";

const AUTHORS: Record<Entry["author"], string> = {
  customer: "Customer",
  bot: "Assistant",
  human: "You",
  system: "Notice",
};
const DELIVERY = {
  waiting: "on its way",
  sent: "delivered",
  repeated: "delivered, perhaps twice",
  failed: "not delivered",
} as const;

/** `onMark` for those who may say whether the assistant was right. */
export function entryElement(entry: Entry, customer: string, onMark: OnMark | null): HTMLElement {
  const element = drawn(entry, customer, onMark);
  element.id = `entry-${entry.seq}`;
  element.tabIndex = -1;
  return element;
}

function drawn(entry: Entry, customer: string, onMark: OnMark | null): HTMLElement {
  const when = h("time", { datetime: entry.at }, timeOfDay(entry.at));
  if (entry.type === "trace") return trace(entry, when, onMark);
  // A suggestion stands above the field, not in the story.
  if (entry.type === "suggestion") return h("li", { hidden: true });
  if (entry.type === "note") {
    const to = (entry.mentions ?? []).map(({ name }) => name).join(", ");
    const by = `${entry.author_name ? `Note by ${entry.author_name}` : "Note"}${to === "" ? "" : ` for ${to}`}`;
    const body = h("div", { class: "note-text", dir: "auto" }, ...words(entry.text));
    return h("li", { class: "entry note" }, h("details", { open: true }, h("summary", {}, by, " · ", when), body));
  }
  if (entry.author === "system") {
    return h("li", { class: "entry system" }, h("p", { dir: "auto" }, ...words(entry.text), " · ", when));
  }
  const name = entry.author === "customer" ? customer : (entry.author_name ?? AUTHORS[entry.author]);
  const meta = h("p", { class: "meta" }, h("b", {}, name), " ", when);
  if (entry.delivery) meta.append(h("span", { class: `delivery ${entry.delivery}` }, DELIVERY[entry.delivery]));
  const rated = thumb(entry);
  if (rated) meta.append(rated);
  return h(
    "li",
    { class: `entry message ${entry.author}` },
    meta,
    h("div", { class: "bubble rich", dir: "auto" }, ...asItReads(entry)),
    source(entry),
    entry.choices.length > 0 &&
      h("p", { class: "offered" }, "Offered: ", entry.choices.map(({ title }) => title).join(" · ")),
  );
}

/** One line for a change of hands: who has it, the place in the queue by now, and folded what the customer was told. */
export function handOverElement(entry: Entry, notice: Entry | null, moved: Entry | null): HTMLElement {
  const when = h("time", { datetime: entry.at }, timeOfDay(entry.at));
  const place = moved?.change?.position;
  const now = moved && place ? ` · number ${place} since ${timeOfDay(moved.at)}` : "";
  const line = [entry.text || "Changed hands", now, " · ", when];
  const body = notice
    ? h("details", {}, h("summary", {}, ...line), h("p", { dir: "auto" }, "The customer read: ", ...words(notice.text)))
    : h("p", {}, ...line);
  const element = h("li", { class: "entry state" }, body);
  element.id = `entry-${entry.seq}`;
  element.tabIndex = -1;
  return element;
}

function source({ citation }: Entry): HTMLElement | null {
  if (!citation) return null;
  const label =
    citation.heading && citation.heading !== citation.title
      ? `${citation.title} – ${citation.heading}`
      : citation.title;
  const href = citation.url ? sourceHref(citation.url) : null;
  return h("p", { class: "offered" }, "Source: ", href ? outerLink(href, label) : label);
}

/** The agent's own reply, while the gateway does not have it. */
export function replyElement(reply: Reply, onTakeBack: () => void): HTMLElement {
  const mark =
    reply.refused !== undefined
      ? `not sent: ${reply.refused}`
      : reply.attempts > 0
        ? "not sent yet, retrying"
        : "sending…";
  const meta = h("p", { class: "meta" }, h("b", {}, "You"), " ", timeOfDay(reply.at));
  meta.append(h("span", { class: reply.refused !== undefined ? "delivery failed" : "delivery waiting" }, mark));
  if (reply.refused !== undefined) {
    meta.append(h("button", { type: "button", class: "link", on: { click: onTakeBack } }, "Put it back"));
  }
  const bubble = h("div", { class: "bubble", dir: "auto" }, ...words(reply.text));
  return h("li", { class: `entry ${reply.kind === "note" ? "note sending" : "message human"}` }, meta, bubble);
}

function trace(entry: Entry, when: HTMLElement, onMark: OnMark | null): HTMLElement {
  const t: Trace = entry.trace ?? {};
  const facts: [string, string][] = [];
  if (t.decision) facts.push(["Decision", `${readable(t.decision.kind)}: ${t.decision.why}`]);
  if (t.ranking?.length) {
    const read = t.ranking.slice(0, 4).map(({ name, confidence }) => `${readable(name)} ${percent(confidence)}`);
    facts.push(["Read as", read.join(", ")]);
  }
  if (t.scope) facts.push(["In scope", `${t.scope.in_scope ? "yes" : "no"}: ${t.scope.reason}`]);
  if (t.entities?.length) {
    facts.push(["Found", t.entities.map(({ entity, value }) => `${readable(entity)} ${valueText(value)}`).join(", ")]);
  }
  for (const { article, heading, score, shown } of t.knowledge?.slice(0, 5) ?? []) {
    facts.push([shown ? "Showed" : "Considered", `${readable(article)} – ${heading} (${score.toFixed(2)})`]);
  }
  for (const { name, ok, error } of t.actions ?? []) {
    facts.push(["Did", `${readable(name)}${ok ? "" : `: failed${error ? `, ${error}` : ""}`}`]);
  }
  if (t.milliseconds?.total !== undefined) facts.push(["Took", `${Math.round(t.milliseconds.total)} ms`]);
  const head = t.intent ? `${readable(t.intent.name)}, ${percent(t.intent.confidence)}` : "no reading";
  const list = h("dl", {}, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  return h(
    "li",
    { class: "entry trace" },
    h("details", {}, h("summary", {}, `What the assistant understood: ${head} · `, when), list),
    marks(entry, onMark),
  );
}
