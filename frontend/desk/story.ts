/** The open ticket's conversation: each entry once, in order, and the agent's own replies on their way. */

import { ApiError } from "../shared/api";
import { backoff, pause } from "../shared/backoff";
import type { Entry, TicketDetail } from "./protocol";

/** The offer that a reply was made of. */
export interface MadeOf {
  readonly seq: number;
  readonly offer: number;
}

export interface Outgoing {
  readonly clientSeq: number;
  readonly kind: "reply" | "note";
  readonly text: string;
  readonly suggestion: MadeOf | null;
  /** The ids of colleagues. */
  readonly mentions: readonly string[];
}

export interface Reply extends Outgoing {
  readonly at: string;
  readonly attempts: number;
  /** Why it will never go out. */
  readonly refused?: string;
}

export class Story {
  private readonly entries = new Map<number, Entry>();
  readonly replies: Reply[] = [];
  detail: TicketDetail | null = null;
  private sending = false;

  constructor(
    readonly ticketId: string,
    private readonly post: (outgoing: Outgoing) => Promise<{ seq: number }>,
    private readonly nextClientSeq: () => number,
    private readonly onChange: () => void,
    private readonly wait: (milliseconds: number) => Promise<void> = pause,
  ) {}

  /** What a load answered; a live entry that is already here is newer (its delivery may have gone on). */
  load(detail: TicketDetail): void {
    this.detail = detail;
    for (const entry of detail.entries) {
      const here = this.entries.get(entry.seq);
      // Thumbs and marks come with no event: what was loaded is newer.
      if (!here || here.rating !== entry.rating || here.mark?.at !== entry.mark?.at) {
        this.entries.set(entry.seq, { ...entry, ...(here && { delivery: here.delivery }) });
      }
    }
  }

  hear(entry: Entry): void {
    this.entries.set(entry.seq, entry);
  }

  get inOrder(): Entry[] {
    return [...this.entries.values()].sort((a, b) => a.seq - b.seq);
  }

  /** Replies whose own entry is not here yet. */
  get onTheirWay(): Reply[] {
    const here = new Set([...this.entries.values()].map(({ client_seq }) => client_seq));
    return this.replies.filter(({ clientSeq }) => !here.has(clientSeq));
  }

  /** The suggestion for the customer's last message, while nobody has answered it. */
  get suggestion(): Entry | null {
    const order = this.inOrder;
    const last = order.filter(({ type, author }) => type === "message" && author !== "system").at(-1);
    if (last?.author !== "customer" || this.replies.some(({ kind }) => kind === "reply")) return null;
    return order.filter(({ suggestion }) => suggestion?.for_seq === last.seq).at(-1) ?? null;
  }

  send(text: string, rest: Partial<Omit<Outgoing, "clientSeq" | "text">> = {}): void {
    const outgoing = { clientSeq: this.nextClientSeq(), kind: "reply", text, suggestion: null, mentions: [], ...rest };
    this.replies.push({ ...(outgoing as Outgoing), at: new Date().toISOString(), attempts: 0 });
    this.onChange();
    void this.drain();
  }

  /** Take a refused reply back; gives its text. */
  takeBack(clientSeq: number): string {
    const at = this.replies.findIndex((reply) => reply.clientSeq === clientSeq);
    return at < 0 ? "" : (this.replies.splice(at, 1)[0]?.text ?? "");
  }

  private async drain(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (;;) {
      const at = this.replies.findIndex((reply) => reply.refused === undefined);
      const reply = this.replies[at];
      if (!reply) break;
      try {
        const { seq } = await this.post(reply);
        this.replies.splice(this.replies.indexOf(reply), 1);
        this.show(seq, reply);
      } catch (error) {
        const passing = !(error instanceof ApiError) || error.passing;
        this.replies[this.replies.indexOf(reply)] = passing
          ? { ...reply, attempts: reply.attempts + 1 }
          : { ...reply, refused: (error as ApiError).message };
        this.onChange();
        if (passing) await this.wait((error instanceof ApiError && error.retryAfter) || backoff(reply.attempts));
      }
      this.onChange();
    }
    this.sending = false;
  }

  /** The gateway has it: show it in its place until its own event brings the rest. */
  private show(seq: number, { kind, text, at, clientSeq }: Reply): void {
    if (this.entries.has(seq)) return;
    const rest = { author_name: null, choices: [], citation: null, delivery: null, trace: null };
    const type = kind === "note" ? "note" : "message";
    this.entries.set(seq, { seq, at, author: "human", type, text, client_seq: clientSeq, ...rest });
  }
}
