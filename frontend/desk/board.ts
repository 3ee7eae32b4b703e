/** All tickets that the desk knows, and where each stands. Live events win over a list that was asked for before them. */

import type { Entry, ListName, Standing, Ticket } from "./protocol";

export interface Held {
  readonly ticket: Ticket;
  /** When `age_seconds` was true, on this computer's steady clock, in milliseconds. */
  readonly heardAt: number;
}

export class Board {
  private readonly held = new Map<string, Held>();
  /** Tickets that changed while a list was on its way. */
  private readonly touched = new Set<string>();
  private readonly unread = new Set<string>();
  private readonly mentioned = new Set<string>();
  private loading = 0;

  constructor(
    private readonly me: string,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Live news. True when this is a customer who has just begun to wait. */
  hear(ticket: Ticket): boolean {
    const before = this.held.get(ticket.id)?.ticket;
    if (this.loading > 0) this.touched.add(ticket.id);
    this.held.set(ticket.id, { ticket, heardAt: this.clock() });
    return ticket.state === "queued" && before?.state !== "queued";
  }

  /** Take lists in; what changed meanwhile is newer than they are. */
  async load(ask: () => Promise<readonly Ticket[]>): Promise<void> {
    this.loading++;
    try {
      for (const ticket of await ask()) {
        if (ticket.mentioned) this.mentioned.add(ticket.id);
        if (!this.touched.has(ticket.id)) this.held.set(ticket.id, { ticket, heardAt: this.clock() });
      }
    } finally {
      this.loading--;
      if (this.loading === 0) this.touched.clear();
    }
  }

  /** A line of some conversation; a customer's words are unread until the ticket is opened, so is a mention of me. */
  hearEntry(ticketId: string, entry: Entry, open: boolean): void {
    if (!open && entry.mentions?.some(({ id }) => id === this.me)) this.mentioned.add(ticketId);
    if (entry.type !== "message") return;
    if (!open && entry.author === "customer") this.unread.add(ticketId);
    const held = this.held.get(ticketId);
    if (held?.ticket.state !== "accepted" || entry.author === "system" || entry.author === "bot") return;
    // Whoever wrote last: the customer waits from the first message that has no answer.
    const waiting = entry.author === "customer" ? (this.waiting(ticketId) ?? 0) : null;
    const age_seconds = this.age(ticketId);
    this.held.set(ticketId, {
      ticket: { ...held.ticket, age_seconds, waiting_seconds: waiting },
      heardAt: this.clock(),
    });
  }

  opened(id: string): void {
    this.unread.delete(id);
    this.mentioned.delete(id);
  }

  isMentioned(id: string): boolean {
    return this.mentioned.has(id);
  }

  isUnread(id: string): boolean {
    const ticket = this.held.get(id)?.ticket;
    return this.unread.has(id) && ticket !== undefined && this.listOf(ticket) === "mine";
  }

  get(id: string | null): Ticket | null {
    return (id !== null && this.held.get(id)?.ticket) || null;
  }

  /** Seconds that a ticket exists, now. */
  age(id: string): number {
    const held = this.held.get(id);
    return held ? held.ticket.age_seconds + (this.clock() - held.heardAt) / 1000 : 0;
  }

  /** Seconds that the customer waits, for a person or for an answer; null when it is ours to wait. */
  waiting(id: string): number | null {
    const held = this.held.get(id);
    if (!held || held.ticket.waiting_seconds === null) return null;
    return held.ticket.waiting_seconds + (this.clock() - held.heardAt) / 1000;
  }

  /** Who waits in the order of the queue, call-backs behind it; others oldest first, all together newest first. */
  list(name: ListName): Ticket[] {
    const known = [...this.held.values()].map(({ ticket }) => ticket);
    const tickets = name === "all" ? known : known.filter((one) => this.listOf(one) === name);
    if (name === "waiting") return tickets.sort(byLine);
    tickets.sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id));
    return name === "all" ? tickets.reverse() : tickets;
  }

  listOf(ticket: Ticket): Standing {
    if (ticket.state === "queued" || ticket.state === "scheduled") return "waiting";
    if (ticket.state !== "accepted") return "closed";
    return ticket.agent?.id === this.me ? "mine" : "team";
  }
}

/** As the gateway orders it (bot/gateway/tickets/line.py), text by text: the moments all have one shape. */
function byLine(a: Ticket, b: Ticket): number {
  const [later, other] = [a.state === "scheduled", b.state === "scheduled"];
  if (later !== other) return later ? 1 : -1;
  const [first, second] = later ? [a.callback_at, b.callback_at] : [a.rank_at, b.rank_at];
  return compared(first ?? a.created_at, second ?? b.created_at) || compared(a.id, b.id);
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
