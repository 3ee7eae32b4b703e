/**
 * The visitor's messages on their way: one at a time, in order, each until the gateway has it for certain.
 *
 * The head of the queue gets its number before the first attempt and keeps it, so that an attempt whose answer was lost
 * is repeated and not sent twice. The queue is in the browser's storage: a reload, and another tab, go on with it.
 */

import { ApiError } from "../shared/api";
import { backoff } from "../shared/backoff";
import { NUMBER_TAKEN, type Outgoing, UNKNOWN_CONVERSATION } from "./protocol";
import type { Pending, Remembered, Storage } from "./storage";

export type Post = (remembered: Remembered, clientSeq: number, body: Outgoing) => Promise<{ seq: number }>;

export interface OutboxOptions {
  readonly storage: Storage;
  readonly post: Post;
  /** One holder at a time over all tabs. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly onChange: () => void;
  readonly onConfirmed: (pending: Pending, seq: number) => void;
  /** The highest client_seq that is known to have arrived. */
  readonly arrived: () => number;
  /** There is no conversation, or the gateway does not know this one. Resolves when it is worth another try. */
  readonly onUnknown: (conversationId: string) => Promise<void>;
  readonly now?: () => string;
  readonly newId?: () => string;
}

export class Outbox {
  private draining = false;

  constructor(private readonly options: OutboxOptions) {}

  get pending(): readonly Pending[] {
    return this.options.storage.read().pending;
  }

  add(body: Outgoing): void {
    const { now = () => new Date().toISOString(), newId = randomId } = this.options;
    this.change((pending) => [...pending, { id: newId(), body, at: now(), clientSeq: null, attempts: 0 }]);
    void this.drain();
  }

  /** Forget a refused message. */
  remove(id: string): void {
    this.change((pending) => pending.filter((one) => one.id !== id));
  }

  /** Send what waits; returns when nothing does. Safe to call at any time, in any tab. */
  async drain(): Promise<void> {
    if (this.draining) return;
    this.draining = true;
    try {
      while (this.head() !== null) {
        await this.options.alone(async () => {
          while (this.head() !== null) await this.sendHead();
        });
      }
    } finally {
      this.draining = false;
    }
  }

  private head(): Pending | null {
    return this.pending.find((one) => one.refused === undefined) ?? null;
  }

  private async sendHead(): Promise<void> {
    const remembered = this.options.storage.read();
    let head = this.head();
    if (!head) return;
    if (remembered.conversationId === "") {
      await this.options.onUnknown("");
      return;
    }
    if (head.clientSeq === null) {
      head = { ...head, clientSeq: Math.max(remembered.lastClientSeq, this.options.arrived()) + 1 };
      this.replace(head);
    }
    const clientSeq = head.clientSeq as number;
    try {
      const { seq } = await this.options.post(remembered, clientSeq, head.body);
      this.options.onConfirmed(head, seq);
      this.finish(head.id, clientSeq);
    } catch (error) {
      await this.failed(remembered.conversationId, head, error);
    }
  }

  private async failed(conversationId: string, head: Pending, error: unknown): Promise<void> {
    let asked: number | null = null;
    if (error instanceof ApiError) {
      if (error.code === UNKNOWN_CONVERSATION) {
        await this.options.onUnknown(conversationId);
        return;
      }
      if (error.code === "gap") {
        // Our memory of the last number is wrong (cleared storage, another tab): take the next one after what arrived.
        this.update((now) => ({ ...now, lastClientSeq: this.options.arrived() }));
        this.replace({ ...head, clientSeq: null, attempts: head.attempts + 1 });
        await this.options.wait(backoff(head.attempts));
        return;
      }
      if (error.code === NUMBER_TAKEN) {
        // Another tab's, or another browser's, words have this number; these take the next one.
        const lastClientSeq = Math.max(this.options.storage.read().lastClientSeq, head.clientSeq as number);
        this.update((now) => ({ ...now, lastClientSeq }));
        this.replace({ ...head, clientSeq: null, attempts: head.attempts + 1 });
        await this.options.wait(backoff(head.attempts));
        return;
      }
      if (!error.passing) {
        // The number was not used up: the next message takes it.
        this.replace({ ...head, clientSeq: null, refused: error.message });
        return;
      }
      asked = error.retryAfter;
    }
    const slowed = error instanceof ApiError && error.status === 429;
    this.replace({ ...head, attempts: head.attempts + 1, slowed });
    await this.options.wait(asked ?? backoff(head.attempts));
  }

  private finish(id: string, clientSeq: number): void {
    this.update((now) => ({
      ...now,
      lastClientSeq: Math.max(now.lastClientSeq, clientSeq),
      pending: now.pending.filter((one) => one.id !== id),
    }));
  }

  private replace(changed: Pending): void {
    this.change((pending) => pending.map((one) => (one.id === changed.id ? changed : one)));
  }

  private change(edit: (pending: readonly Pending[]) => readonly Pending[]): void {
    this.update((now) => ({ ...now, pending: edit(now.pending) }));
  }

  private update(edit: (now: Remembered) => Remembered): void {
    this.options.storage.write(edit(this.options.storage.read()));
    this.options.onChange();
  }
}

/** `crypto.randomUUID` is missing on pages that are not served over https. */
function randomId(): string {
  let id = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(12))) id += byte.toString(16).padStart(2, "0");
  return id;
}
