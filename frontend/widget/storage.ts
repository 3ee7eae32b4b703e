/** What outlives a reload: the conversation, its token, and the messages that the gateway does not have yet. */

import { toJson } from "../shared/json";
import type { Outgoing } from "./protocol";

export interface Pending {
  readonly id: string;
  readonly body: Outgoing;
  readonly at: string;
  /** Null until it is the first in the queue. */
  readonly clientSeq: number | null;
  /** Attempts that failed. */
  readonly attempts: number;
  /** The gateway takes it later: too much came at once. */
  readonly slowed?: boolean;
  /** Why the gateway will never take it. */
  readonly refused?: string;
}

export interface Remembered {
  /** Empty until the gateway has opened a conversation; what is written before then waits in `pending`. */
  readonly conversationId: string;
  readonly token: string;
  readonly greeting: string;
  /** The last number that the gateway has confirmed. */
  readonly lastClientSeq: number;
  readonly pending: readonly Pending[];
}

export const NOTHING: Remembered = { conversationId: "", token: "", greeting: "", lastClientSeq: 0, pending: [] };

export interface Storage {
  read(): Remembered;
  write(value: Remembered): void;
}

/** The browser's storage, shared by all tabs; where it is forbidden or full, memory has to do. */
export class BrowserStorage implements Storage {
  private memory = new Map<string, string>();
  private broken = false;

  constructor(readonly key: string) {}

  read(): Remembered {
    return parse(this.get(this.key));
  }

  write(value: Remembered): void {
    this.set(this.key, toJson(value));
  }

  /** Up to this number the visitor has seen everything; kept apart, so that reading never writes over sending. */
  get lastRead(): number {
    const number = Number(this.get(`${this.key}:read`) ?? "0");
    return Number.isSafeInteger(number) ? number : 0;
  }

  set lastRead(seq: number) {
    this.set(`${this.key}:read`, String(seq));
  }

  private get(key: string): string | null {
    if (!this.broken) {
      try {
        return localStorage.getItem(key);
      } catch {
        this.broken = true;
      }
    }
    return this.memory.get(key) ?? null;
  }

  private set(key: string, text: string): void {
    this.memory.set(key, text);
    if (this.broken) return;
    try {
      localStorage.setItem(key, text);
    } catch {
      this.broken = true;
    }
  }
}

/** Nothing for anything that we did not write: other scripts of the page share the storage. */
export function parse(text: string | null): Remembered {
  if (!text) return NOTHING;
  try {
    const value = JSON.parse(text) as Partial<Remembered> | null;
    if (typeof value?.conversationId !== "string" || typeof value.token !== "string") return NOTHING;
    return {
      conversationId: value.conversationId,
      token: value.token,
      greeting: typeof value.greeting === "string" ? value.greeting : "",
      lastClientSeq: Number.isSafeInteger(value.lastClientSeq) ? (value.lastClientSeq as number) : 0,
      pending: Array.isArray(value.pending) ? value.pending.filter(isPending) : [],
    };
  } catch {
    return NOTHING;
  }
}

function isPending(value: unknown): value is Pending {
  const pending = value as Partial<Pending> | null;
  const body = pending?.body as { text?: unknown; choice?: unknown; title?: unknown } | null | undefined;
  const speaks = typeof body?.text === "string" || (typeof body?.choice === "string" && typeof body.title === "string");
  return speaks && typeof pending?.id === "string" && typeof pending.at === "string";
}
