/** The right of the desk: why this customer is here, what is known, and what was tried, so that nobody asks twice. */

import { dayAndTime } from "../shared/clock";
import { h } from "../shared/dom";
import { channelName, nameOf, onlyAMachineSays, percent, readable, stateNames, valueText } from "./names";
import type { ActionTried, Handoff, TicketDetail } from "./protocol";

export class ContextPane {
  readonly element = h("div", { class: "context-body" });
  private shown: TicketDetail | null = null;

  constructor(
    private readonly onReveal: (seq: number) => void,
    private readonly onOpen: (ticketId: string) => void,
  ) {}

  draw(detail: TicketDetail | null): void {
    if (detail === this.shown) return;
    this.shown = detail;
    if (!detail) {
      this.element.replaceChildren();
      return;
    }
    const { handoff, ticket } = detail;
    const parts = [
      this.why(handoff),
      this.summary(handoff.summary || ticket.summary),
      this.known(handoff),
      openForm(handoff),
      tried(handoff),
      articles(handoff),
      customer(detail),
      this.before(detail),
      understood(handoff),
    ];
    this.element.replaceChildren(...parts.filter((part) => part !== null));
    this.element.scrollTop = 0;
  }

  private why({ reason, last_question, routing }: Handoff): HTMLElement {
    const urgent = routing.priority === "high" || routing.priority === "urgent";
    return section(
      "Why they are here",
      h(
        "p",
        { class: "reason" },
        reason.text,
        urgent && h("span", { class: "tag hot" }, `${routing.priority} priority`),
      ),
      reason.evidence !== "" && h("blockquote", { dir: "auto" }, reason.evidence),
      last_question !== "" &&
        last_question !== reason.evidence &&
        h("p", { class: "small" }, "Last question: ", h("q", { dir: "auto" }, last_question)),
    );
  }

  /** Each line of the summary ends with the message that proves it, "(#7)": a button that shows that message. */
  private summary(text: string): HTMLElement | null {
    if (text === "") return null;
    const lines = text.split("\n").map((line) => {
      const pointer = /\s*\(#(\d+)\)\s*$/.exec(line);
      const item = h("li", { dir: "auto" }, pointer ? line.slice(0, pointer.index) : line);
      if (pointer) {
        const seq = Number(pointer[1]);
        const show = {
          type: "button",
          class: "link",
          "aria-label": `Show message ${seq}`,
          on: { click: () => this.onReveal(seq) },
        };
        item.append(" ", h("button", show as Parameters<typeof h>[1], `#${seq}`));
      }
      return item;
    });
    return section("Summary", h("ul", { class: "summary" }, ...lines));
  }

  /** The same customer's other conversations. */
  private before({ earlier }: TicketDetail): HTMLElement | null {
    if (earlier.length === 0) return null;
    const items = earlier.map((one) => {
      const open = h("button", { type: "button", class: "link", on: { click: () => this.onOpen(one.ticket_id) } });
      open.textContent = dayAndTime(one.at);
      const ended = one.outcome ? readable(one.outcome) : stateNames[one.state];
      const by = one.agent_name ? ` · ${one.agent_name}` : "";
      return h(
        "li",
        {},
        open,
        h("span", { class: "tag" }, ended),
        h("span", { class: "block" }, one.reason),
        one.note !== "" && h("span", { class: "small block", dir: "auto" }, one.note + by),
      );
    });
    return section("Earlier conversations", h("ul", {}, ...items));
  }

  private known({ slots }: Handoff): HTMLElement | null {
    const told = Object.entries(slots).filter(([, { value, text }]) => text || !onlyAMachineSays(value));
    const facts = told.map(([name, { value, sensitive, title, text: words }]) => {
      const [called, text] = [title || readable(name), words || valueText(value)];
      return h("div", {}, h("dt", {}, called), h("dd", { dir: "auto" }, sensitive ? masked(called, text) : text));
    });
    return facts.length === 0 ? null : section("What we know", h("dl", {}, ...facts));
  }
}

/** Hidden until somebody asks: screens in an office are read by others too. */
function masked(name: string, text: string): HTMLElement {
  const value = h("span", { class: "masked" }, "••••••");
  const toggle = h("button", { type: "button", class: "link", "aria-pressed": "false" }, "Show");
  toggle.setAttribute("aria-label", `Show ${name}`);
  toggle.addEventListener("click", () => {
    const show = toggle.getAttribute("aria-pressed") === "false";
    toggle.setAttribute("aria-pressed", String(show));
    toggle.textContent = show ? "Hide" : "Show";
    toggle.setAttribute("aria-label", `${show ? "Hide" : "Show"} ${name}`);
    value.textContent = show ? text : "••••••";
  });
  return h("span", {}, value, " ", toggle);
}

function openForm({ open_form }: Handoff): HTMLElement | null {
  if (!open_form) return null;
  const missing = open_form.missing.map((name) => readable(name).toLowerCase());
  return section(
    "In the middle of",
    h("p", {}, readable(open_form.name)),
    missing.length > 0 && h("p", { class: "small" }, `Still missing: ${missing.join(", ")}`),
  );
}

/** Each outcome once; to ask or to check something is conversation, no attempt (bot/handoff/words.py says the same). */
export function worthTelling(tried: readonly ActionTried[]): ActionTried[] {
  const told = tried.filter(({ name, ok }) => !ok || !/^(?:action_ask_|validate_|utter_)/.test(name));
  return [...new Map(told.map((one) => [JSON.stringify([one.name, one.ok, one.error]), one])).values()];
}

function tried({ actions_tried }: Handoff): HTMLElement | null {
  const told = worthTelling(actions_tried);
  if (told.length === 0) return null;
  const lines = told.map(({ name, ok, error }) =>
    h(
      "li",
      {},
      readable(name),
      " ",
      h("span", { class: ok ? "tag good" : "tag hot" }, ok ? "worked" : "failed"),
      error !== null && error !== "" && h("span", { class: "small block" }, error),
    ),
  );
  return section("What the assistant tried", h("ul", {}, ...lines));
}

function articles({ knowledge_tried }: Handoff): HTMLElement | null {
  const shown = knowledge_tried.filter((one) => one.shown);
  if (shown.length === 0) return null;
  const lines = shown.map(({ article, heading }) => h("li", {}, readable(article), heading && ` – ${heading}`));
  return section("Articles the customer was shown", h("ul", {}, ...lines));
}

function understood({ intent }: Handoff): HTMLElement | null {
  if (!intent) return null;
  const others = intent.alternatives.map(({ name, confidence }) => `${readable(name)} ${percent(confidence)}`);
  return h(
    "section",
    {},
    h(
      "details",
      {},
      h("summary", {}, "What the assistant understood"),
      h("p", {}, readable(intent.name), " ", h("span", { class: "tag" }, percent(intent.confidence))),
      others.length > 0 && h("p", { class: "small" }, `Or: ${others.join(", ")}`),
    ),
  );
}

function customer({ handoff, ticket }: TicketDetail): HTMLElement {
  const { customer: person, conversation, routing } = handoff;
  const address = ticket.contact?.address;
  const facts: [string, string][] = [
    ["Name", person.name ?? nameOf(ticket)],
    ...(address ? [["Answer to", address] as [string, string]] : []),
    ["Verified", person.verified ? "yes" : "no"],
    ["Channel", channelName(conversation.channel)],
    ["Language", conversation.locale || routing.language],
    ["Since", dayAndTime(conversation.started_at)],
    ...Object.entries(person.attributes).map(([name, value]): [string, string] => [readable(name), valueText(value)]),
  ];
  const rows = facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, value)));
  return section("Customer", h("dl", {}, ...rows));
}

function section(title: string, ...children: (Node | string | null | false)[]): HTMLElement {
  return h("section", {}, h("h2", {}, title), ...children);
}
