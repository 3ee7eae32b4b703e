/** The ticket lists: what is mine, the queue as it stands, what the team has, and all of it with what is closed. */

import { arrange, h } from "../shared/dom";
import type { Archive } from "./archive";
import type { Board } from "./board";
import { nameOf, readable } from "./names";
import { preferences } from "./preferences";
import { LISTS, type ListName, type Standing, type Ticket } from "./protocol";
import { marksOf, Row } from "./ticket_row";

const TITLES: Record<ListName, string> = { waiting: "Waiting", mine: "Mine", team: "Team", all: "All" };
const EMPTY: Record<ListName, string> = {
  waiting: "Nobody is waiting.",
  mine: "You have no conversations.",
  team: "Nobody else has one.",
  all: "Nobody is here.",
};
// Rows of one list at first: what comes below stays near, and a button shows the rest.
const AT_ONCE = 40;

interface Section {
  readonly details: HTMLDetailsElement;
  readonly count: HTMLElement;
  readonly list: HTMLElement;
  readonly empty: HTMLElement;
  readonly rest: HTMLButtonElement;
  shown: number;
}

export class Lists {
  readonly element = h("nav", { class: "lists", "aria-label": "Tickets" });
  private readonly sections = new Map<ListName, Section>();
  /** By list and ticket: a ticket stands in its own list and among all. */
  private readonly rows = new Map<string, Row>();

  private readonly filter = h("input", { type: "search", id: "filter", placeholder: "Filter by name, reason, e-mail" });

  constructor(
    private readonly me: string,
    private readonly archive: Archive,
    private readonly onOpen: (id: string) => void,
    /** Another part of the lists is to be seen. */
    private readonly onChange: () => void,
    /** A colleague's name by their id. */
    private readonly colleague: (id: string) => string | null,
  ) {
    this.filter.addEventListener("input", () => this.onChange());
    this.element.append(
      h("div", { class: "filter" }, h("label", { class: "unseen", for: "filter" }, "Filter the lists"), this.filter),
    );
    for (const name of LISTS) this.element.append(this.section(name));
  }

  draw(board: Board, openId: string | null): void {
    const focused = document.activeElement;
    const seen = new Set<string>();
    for (const [name, section] of this.sections) {
      const tickets = this.tickets(board, name);
      section.count.textContent = name === "all" ? "" : String(tickets.length);
      section.empty.hidden = tickets.length > 0;
      // What is folded is not drawn: of a long queue only what somebody looks at costs anything.
      const drawn = section.details.open ? tickets.slice(0, section.shown) : [];
      const left = tickets.length - drawn.length;
      section.rest.hidden = left === 0 || !section.details.open;
      section.rest.textContent = `Show ${Math.min(left, AT_ONCE)} more of ${left}`;
      const places = name === "waiting" ? placesOf(board) : null;
      arrange(
        section.list,
        drawn.map((ticket) => {
          const key = keyOf(name, ticket.id);
          seen.add(key);
          const row = this.rows.get(key) ?? new Row(() => this.onOpen(ticket.id));
          this.rows.set(key, row);
          const place = places?.get(ticket.id) ?? null;
          row.draw(ticket, {
            more: name === "all" ? whereItStands(ticket, board.listOf(ticket)) : moreOf(ticket, name),
            place,
            ahead: place === null ? "" : this.aheadOf(ticket),
            open: ticket.id === openId,
            unread: board.isUnread(ticket.id),
            mentioned: board.isMentioned(ticket.id),
          });
          row.age(board.age(ticket.id), board.waiting(ticket.id), board.listOf(ticket));
          return row.element;
        }),
      );
    }
    for (const key of this.rows.keys()) if (!seen.has(key)) this.rows.delete(key);
    // A ticket that moves to another list takes the focus along.
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.element.contains(focused)) {
      focused.focus();
    }
  }

  /** Only the ages, every few seconds. */
  tick(board: Board): void {
    for (const [key, row] of this.rows) {
      const id = key.slice(key.indexOf("/") + 1);
      const ticket = board.get(id);
      if (ticket) row.age(board.age(id), board.waiting(id), board.listOf(ticket));
    }
  }

  /** All tickets in the order in which they stand, each once, for the keyboard; what is not shown is passed over. */
  order(board: Board): string[] {
    const ids = [...this.sections]
      .filter(([, { details }]) => details.open)
      .flatMap(([name, { shown }]) =>
        this.tickets(board, name)
          .slice(0, shown)
          .map(({ id }) => id),
      );
    return [...new Set(ids)];
  }

  /** Put the focus on the open ticket, or on the first thing that there is. */
  focus(): void {
    (this.element.querySelector<HTMLElement>("[aria-current]") ?? this.filter).focus();
  }

  private section(name: ListName): HTMLElement {
    const count = h("span", { class: "count", hidden: name === "all" });
    const list = h("ul", { class: "tickets" });
    const empty = h("p", { class: "empty" }, EMPTY[name]);
    const rest = h("button", { type: "button", class: "link rest", hidden: true });
    const details = h("details", { class: `list ${name}`, open: preferences.get(`open-${name}`) });
    details.append(h("summary", {}, h("h2", {}, TITLES[name]), count));
    if (name === "all") details.append(this.archive.element, list, empty, rest, this.archive.foot);
    else details.append(list, empty, rest);
    const section: Section = { details, count, list, empty, rest, shown: AT_ONCE };
    this.sections.set(name, section);
    details.addEventListener("toggle", () => {
      preferences.set(`open-${name}`, details.open);
      if (name === "all" && details.open) this.archive.open();
      this.onChange();
    });
    rest.addEventListener("click", () => {
      section.shown += AT_ONCE;
      this.onChange();
    });
    return details;
  }

  private tickets(board: Board, name: ListName): Ticket[] {
    return board.list(name).filter((ticket) => this.fits(ticket) && (name !== "all" || this.archive.shows(ticket)));
  }

  private fits(ticket: Ticket): boolean {
    const wanted = this.filter.value.trim().toLowerCase();
    if (wanted === "") return true;
    const words = [nameOf(ticket), ticket.reason.text, ticket.summary, ticket.agent?.name ?? "", ticket.skill];
    words.push(...marksOf(ticket).map(({ text }) => text), ticket.contact?.address ?? "");
    return words.join("\n").toLowerCase().includes(wanted);
  }

  /** Why somebody stands before others who came earlier. */
  private aheadOf({ assigned_to, callback_at, priority }: Ticket): string {
    const reasons: string[] = [];
    if (assigned_to === this.me) reasons.push("kept for you");
    else if (assigned_to) reasons.push(`kept for ${this.colleague(assigned_to) ?? "a colleague"}`);
    if (callback_at !== null) reasons.push("the time they picked has come");
    else if (priority === "urgent" || priority === "high") reasons.push(`${priority} priority, ahead of others`);
    else if (priority === "low") reasons.push("low priority, others come first");
    return reasons.join(" · ");
  }
}

/** The number in the queue of everybody in it: the whole queue is here, whatever the filter leaves. */
function placesOf(board: Board): Map<string, number> {
  const line = board.list("waiting").filter(({ state }) => state === "queued");
  return new Map(line.map(({ id }, at) => [id, at + 1]));
}

/** The first line of the summary that says more than the reason, without its pointer. */
function gist({ summary, reason }: Ticket): string {
  const lines = summary.split("\n").map((line) => line.replace(/\s*\(#\d+\)\s*$/, ""));
  return lines.find((line) => line !== "" && line !== reason.text) ?? "";
}

function moreOf(ticket: Ticket, list: ListName): string {
  return list === "team" && ticket.agent ? `with ${ticket.agent.name}` : gist(ticket);
}

function whereItStands({ agent, outcome, state }: Ticket, standing: Standing): string {
  if (standing === "waiting") return "waiting";
  if (standing === "closed") return readable(outcome ?? state);
  return standing === "mine" || !agent ? "with you" : `with ${agent.name}`;
}

function keyOf(name: ListName, id: string): string {
  return `${name}/${id}`;
}
