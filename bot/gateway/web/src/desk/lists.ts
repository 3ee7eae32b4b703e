/** The ticket lists: who waits and how long, what is mine, what the team has, and all of it with what is closed. */

import { age } from "../shared/clock";
import { arrange, h } from "../shared/dom";
import type { Board } from "./board";
import { nameOf, readable } from "./names";
import { LISTS, type ListName, type Standing, type Ticket } from "./protocol";

const TITLES: Record<ListName, string> = { waiting: "Waiting", mine: "Mine", team: "Team", all: "All" };
const EMPTY: Record<ListName, string> = {
  waiting: "Nobody is waiting.",
  mine: "You have no conversations.",
  team: "Nobody else has one.",
  all: "Nobody was handed over yet.",
};
// Seconds of waiting after which it is said, and said loudly: the service level promises somebody within two minutes
// (bot/gateway/desk/supervision.py), and an answer should not take much longer than that.
const SOON: Partial<Record<Standing, number>> = { waiting: 60, mine: 120, team: 120 };
const LATE: Partial<Record<Standing, number>> = { waiting: 120, mine: 300, team: 300 };

export class Lists {
  readonly element = h("nav", { class: "lists", "aria-label": "Tickets" });
  private readonly sections = new Map<ListName, { count: HTMLElement; list: HTMLElement; empty: HTMLElement }>();
  /** By list and ticket: a ticket stands in its own list and among all. */
  private readonly rows = new Map<string, Row>();

  private readonly filter = h("input", { type: "search", id: "filter", placeholder: "Filter by name or reason" });

  constructor(
    private readonly onOpen: (id: string) => void,
    private readonly onFilter: () => void,
  ) {
    this.filter.addEventListener("input", () => this.onFilter());
    this.element.append(
      h("div", { class: "filter" }, h("label", { class: "unseen", for: "filter" }, "Filter the lists"), this.filter),
    );
    for (const name of LISTS) {
      const count = h("span", { class: "count" });
      const list = h("ul", { class: "tickets" });
      const empty = h("p", { class: "empty" }, EMPTY[name]);
      this.sections.set(name, { count, list, empty });
      const body = [h("summary", {}, h("h2", {}, TITLES[name]), count), list, empty];
      this.element.append(h("details", { class: `list ${name}`, open: name !== "all" }, ...body));
    }
  }

  draw(board: Board, openId: string | null): void {
    const focused = document.activeElement;
    const seen = new Set<string>();
    for (const [name, { count, list, empty }] of this.sections) {
      const tickets = board.list(name).filter((ticket) => this.fits(ticket));
      count.textContent = String(tickets.length);
      empty.hidden = tickets.length > 0;
      arrange(
        list,
        tickets.map((ticket) => {
          const key = keyOf(name, ticket.id);
          seen.add(key);
          let row = this.rows.get(key);
          if (!row) {
            row = new Row(() => this.onOpen(ticket.id));
            this.rows.set(key, row);
          }
          const more = name === "all" ? whereItStands(ticket, board.listOf(ticket)) : moreOf(ticket, name);
          row.draw(ticket, more, ticket.id === openId, board.isUnread(ticket.id), board.isMentioned(ticket.id));
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
    for (const name of LISTS)
      for (const ticket of board.list(name)) {
        const { id } = ticket;
        this.rows.get(keyOf(name, id))?.age(board.age(id), board.waiting(id), board.listOf(ticket));
      }
  }

  /** All tickets in the order in which they stand, each once, for the keyboard; folded lists are passed over. */
  order(board: Board): string[] {
    const ids = LISTS.filter((name) => {
      const details = this.sections.get(name)?.list.closest("details");
      return details?.open === true;
    }).flatMap((name) =>
      board
        .list(name)
        .filter((ticket) => this.fits(ticket))
        .map(({ id }) => id),
    );
    return [...new Set(ids)];
  }

  /** Put the focus on the open ticket, or on the first thing that there is. */
  focus(): void {
    (this.element.querySelector<HTMLElement>("[aria-current]") ?? this.filter).focus();
  }

  private fits(ticket: Ticket): boolean {
    const wanted = this.filter.value.trim().toLowerCase();
    if (wanted === "") return true;
    const words = [nameOf(ticket), ticket.reason.text, ticket.summary, ticket.agent?.name ?? "", ticket.skill];
    return words.join("\n").toLowerCase().includes(wanted);
  }
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

class Row {
  readonly element = h("li");
  private readonly name = h("span", { class: "who" });
  private readonly when = h("span", { class: "age" });
  private readonly why = h("span", { class: "why" });
  private readonly more = h("span", { class: "more" });
  private readonly dot = h("span", { class: "new", hidden: true }, "new");
  private readonly mention = h("span", { class: "new mention", hidden: true }, "@ you");
  private readonly mark = h("span", { class: "tag", hidden: true });
  private readonly button: HTMLButtonElement;

  constructor(onOpen: () => void) {
    const top = h("span", { class: "row-top" }, this.name, this.dot, this.mention, this.mark, this.when);
    const button = { type: "button", class: "ticket", on: { click: onOpen } } as const;
    this.button = h("button", button, top, this.why, this.more);
    this.element.append(this.button);
  }

  draw(ticket: Ticket, more: string, open: boolean, unread: boolean, mentioned: boolean): void {
    this.name.textContent = nameOf(ticket);
    this.why.textContent = ticket.reason.text;
    this.more.textContent = more;
    this.more.hidden = more === "";
    this.dot.hidden = !unread;
    this.mention.hidden = !mentioned;
    const mark = markOf(ticket);
    this.mark.textContent = mark;
    this.mark.hidden = mark === "";
    this.mark.classList.toggle("hot", mark === ticket.priority);
    if (open) this.button.setAttribute("aria-current", "true");
    else this.button.removeAttribute("aria-current");
  }

  /** `waiting`: seconds that the customer waits; null when it is ours to wait. */
  age(seconds: number, waiting: number | null, standing: Standing): void {
    const late = waiting !== null && waiting >= (LATE[standing] ?? Number.POSITIVE_INFINITY);
    const soon = waiting !== null && waiting >= (SOON[standing] ?? Number.POSITIVE_INFINITY);
    const since = standing === "closed" ? age(seconds) : waiting === null ? "answered" : age(waiting);
    const text = late ? `${since}, late` : since;
    if (this.when.textContent !== text) this.when.textContent = text;
    this.when.classList.toggle("late", late);
    this.when.classList.toggle("soon", soon && !late);
  }
}

/** What is special about a ticket, in one word. */
function markOf({ state, snoozed_until, priority, callback_at }: Ticket): string {
  if (state === "accepted" && snoozed_until !== null) return "snoozed";
  if (state === "scheduled" || callback_at !== null) return "call back";
  return priority === "urgent" || priority === "high" ? priority : "";
}
