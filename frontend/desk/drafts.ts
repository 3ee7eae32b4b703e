/** What an agent has begun to write, by conversation: kept in this browser, so that a reload loses nothing. */

export interface Draft {
  readonly kind: "reply" | "note";
  readonly text: string;
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "warmline-draft/";

export class Drafts {
  private readonly prefix: string;

  constructor(
    /** Two may share a computer. */
    agentId: string,
    private readonly shelf: Shelf | null = storage(),
  ) {
    this.prefix = `${PREFIX}${agentId}/`;
  }

  get(ticketId: string): Draft {
    const text = this.shelf?.getItem(this.prefix + ticketId) ?? "";
    return text.startsWith("note:") ? { kind: "note", text: text.slice(5) } : { kind: "reply", text: text.slice(6) };
  }

  set(ticketId: string, { kind, text }: Draft): void {
    try {
      if (text.trim() === "") this.shelf?.removeItem(this.prefix + ticketId);
      else this.shelf?.setItem(this.prefix + ticketId, `${kind}:${text}`);
    } catch {
      // A full or forbidden store: the field itself still holds the words.
    }
  }

  /** Who signs out leaves nothing on a shared computer. */
  clear(): void {
    const shelf = this.shelf;
    if (!shelf) return;
    const keys = Array.from({ length: shelf.length }, (_, at) => shelf.key(at) ?? "");
    for (const key of keys) if (key.startsWith(this.prefix)) shelf.removeItem(key);
  }
}

function storage(): Shelf | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
