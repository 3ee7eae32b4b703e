/**
 * The conversation as the visitor sees it: each message once, in the order of the gateway's numbers, and after them
 * what is still on its way. A visitor's own message keeps its key from the moment it is written, so that it never
 * jumps or shows twice when the gateway confirms it.
 */

import type { Message, Rating, State } from "./protocol";
import type { Pending } from "./storage";

export interface Item {
  readonly key: string;
  /** The gateway's number; none for the greeting and for what is on its way. */
  readonly seq: number | null;
  readonly author: Message["author"];
  readonly authorName: string | null;
  readonly text: string;
  readonly format?: Message["format"];
  readonly at: string;
  readonly choices: Message["choices"];
  readonly citation: Message["citation"];
  readonly rating?: Message["rating"];
  readonly status: "received" | "sending" | "retrying" | "slowed" | "refused";
  /** Why it was refused. */
  readonly why?: string;
}

export class Timeline {
  private readonly messages = new Map<number, Message>();
  private readonly states = new Map<number, State>();
  /** client_seq → the key under which the visitor's own message was first shown. */
  private readonly keys = new Map<number, string>();
  /** Confirmed by the answer to the POST, its event still to come. */
  private readonly confirmed = new Map<number, { seq: number; pending: Pending }>();

  /** False when it was known already. */
  addMessage(message: Message): boolean {
    if (this.messages.has(message.seq)) return false;
    // An agent's reply may carry the desk's number: only the visitor's own numbers are ours.
    const own = message.author === "customer";
    this.messages.set(message.seq, own ? message : { ...message, client_seq: null });
    if (!own) return true;
    if (message.client_seq !== null) this.confirmed.delete(message.client_seq);
    return true;
  }

  /** The gateway has this thumb. */
  rate(seq: number, rating: Rating): void {
    const message = this.messages.get(seq);
    if (message) this.messages.set(seq, { ...message, rating });
  }

  ratingOf(seq: number): Rating {
    return this.messages.get(seq)?.rating ?? "open";
  }

  addState(state: State): boolean {
    if (this.states.has(state.seq)) return false;
    this.states.set(state.seq, state);
    return true;
  }

  /** The gateway has it, under this number. */
  confirm(pending: Pending, seq: number): void {
    if (pending.clientSeq === null) return;
    this.keys.set(pending.clientSeq, pending.id);
    if (!this.messages.has(seq)) this.confirmed.set(pending.clientSeq, { seq, pending });
  }

  /** The message with this client_seq has arrived as an event. */
  has(clientSeq: number): boolean {
    for (const message of this.messages.values()) if (message.client_seq === clientSeq) return true;
    return false;
  }

  /** The highest number that this visitor's messages reached, 0 when there are none. */
  get lastClientSeq(): number {
    let last = 0;
    for (const { client_seq } of this.messages.values()) last = Math.max(last, client_seq ?? 0);
    return last;
  }

  get lastSeq(): number {
    return Math.max(0, ...this.messages.keys(), ...this.states.keys());
  }

  /** Who owns the conversation now. */
  get state(): State | null {
    const last = Math.max(-1, ...this.states.keys());
    return this.states.get(last) ?? null;
  }

  /** How many messages from the other side have a higher number. */
  unread(lastRead: number): number {
    let count = 0;
    for (const { seq, author } of this.messages.values()) if (seq > lastRead && author !== "customer") count++;
    return count;
  }

  /** The number of the state with which the present owner came, 0 when there was never another. */
  get ownerSince(): number {
    let since = 0;
    let owner: State["owner"] = "bot";
    for (const seq of [...this.states.keys()].sort((a, b) => a - b)) {
      const state = this.states.get(seq);
      if (!state || state.owner === owner) continue;
      owner = state.owner;
      since = seq;
    }
    return since;
  }

  items(pending: readonly Pending[], greeting: string): Item[] {
    for (const { clientSeq, id } of pending) if (clientSeq !== null) this.keys.set(clientSeq, id);
    const known = [...this.messages.values()].sort((a, b) => a.seq - b.seq);
    const rows = known.map((message) => ({ seq: message.seq, item: this.received(message) }));
    for (const { seq, pending: own } of this.confirmed.values()) rows.push({ seq, item: waiting(own, "received") });
    rows.sort((a, b) => a.seq - b.seq);
    const items = rows.map(({ item }) => item);
    const opening = known.find(({ author }) => author !== "system");
    const greeted = opening?.author === "bot" && opening.text.trim() === greeting.trim();
    if (greeting && !greeted) items.unshift(welcome(greeting));
    for (const own of pending) {
      const arrived = own.clientSeq !== null && (this.confirmed.has(own.clientSeq) || this.has(own.clientSeq));
      if (!arrived) items.push(waiting(own, statusOf(own)));
    }
    return items;
  }

  private received(message: Message): Item {
    const own = message.client_seq === null ? undefined : this.keys.get(message.client_seq);
    return {
      key: own ?? `s${message.seq}`,
      seq: message.seq,
      author: message.author,
      authorName: message.author_name,
      text: message.formatted ?? message.text,
      at: message.at,
      choices: message.choices ?? [],
      citation: message.citation ?? null,
      rating: message.rating ?? null,
      format: formatOf(message),
      status: "received",
    };
  }
}

function statusOf(own: Pending): Item["status"] {
  if (own.refused) return "refused";
  if (own.slowed) return "slowed";
  return own.attempts > 0 ? "retrying" : "sending";
}

function waiting(own: Pending, status: Item["status"]): Item {
  const text = "text" in own.body ? own.body.text : own.body.title;
  const item = { key: own.id, seq: null, authorName: null, text, at: own.at, choices: [], citation: null };
  return { ...item, author: "customer", status, ...(own.refused ? { why: own.refused } : {}) };
}

function welcome(text: string): Item {
  const item = { key: "greeting", seq: null, authorName: null, text, at: "", choices: [], citation: null };
  return { ...item, author: "bot", status: "received" };
}

/**
 * Buttons act until the visitor says something, or the conversation gets another owner. Gives the items whose do.
 *
 * Who waits in line is told to go on writing: the newest offer to wait elsewhere outlives their words.
 */
export function openChoices(items: readonly Item[], ownerSince: number, waits = false): Set<string> {
  const open = new Set<string>();
  let spoken = false;
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (!item) break;
    if (item.author === "customer") {
      if (!waits || open.size > 0) break;
      spoken = true;
    } else if (item.choices.length > 0 && (item.seq ?? 0) > ownerSince) {
      open.add(item.key);
      if (spoken) break;
    }
  }
  return open;
}

/** What a customer or an agent typed is never markup; an article's words are, where the gateway says so. */
function formatOf({ author, format, formatted }: Message): Message["format"] {
  return author === "bot" && formatted ? (format ?? null) : null;
}
