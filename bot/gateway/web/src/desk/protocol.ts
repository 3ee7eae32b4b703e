/** What the gateway tells an agent; docs/reference/web-api.md and bot/handoff describe it. */

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

export interface Session {
  readonly agent: Agent;
  readonly csrf: string;
}

export interface Ticket {
  readonly id: string;
  readonly conversation_id: string;
  readonly state: "queued" | "accepted" | "returned" | "completed" | "failed" | "abandoned";
  readonly reason: { readonly code: string; readonly text: string };
  readonly summary: string;
  readonly customer_name: string | null;
  readonly channel: string;
  readonly created_at: string;
  readonly age_seconds: number;
  readonly agent: { readonly id: string; readonly name: string } | null;
  readonly last_seq: number;
}

export interface Reading {
  readonly name: string;
  readonly confidence: number;
}

export interface Trace {
  readonly intent?: Reading | null;
  readonly ranking?: readonly Reading[];
  readonly scope?: { readonly in_scope: boolean; readonly score: number; readonly reason: string } | null;
  readonly entities?: readonly { readonly entity: string; readonly value: unknown }[];
  readonly knowledge?: readonly Passage[];
  readonly actions?: readonly ActionTried[];
  readonly decision?: { readonly kind: string; readonly why: string } | null;
  readonly milliseconds?: { readonly total?: number };
}

export interface Passage {
  readonly article: string;
  readonly heading: string;
  readonly score: number;
  readonly shown: boolean;
}

export interface ActionTried {
  readonly name: string;
  readonly ok: boolean;
  readonly error: string | null;
}

export interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly author: "customer" | "bot" | "human" | "system";
  readonly author_name: string | null;
  readonly type: "message" | "state" | "note" | "trace";
  readonly text: string;
  readonly choices: readonly { readonly title: string }[];
  readonly citation: { readonly title: string; readonly heading: string | null; readonly url: string | null } | null;
  readonly delivery: "waiting" | "sent" | "failed" | null;
  readonly trace: Trace | null;
  /** The desk's own number of an agent's reply. */
  readonly client_seq: number | null;
}

/** The parts of a `handoff/1` package that the desk shows. */
export interface Handoff {
  readonly conversation: { readonly channel: string; readonly locale: string; readonly started_at: string };
  readonly customer: {
    readonly name: string | null;
    readonly verified: boolean;
    readonly attributes: Readonly<Record<string, unknown>>;
  };
  readonly reason: { readonly code: string; readonly text: string; readonly evidence: string };
  readonly summary: string;
  readonly last_question: string;
  readonly intent: (Reading & { readonly alternatives: readonly Reading[] }) | null;
  readonly slots: Readonly<Record<string, { readonly value: unknown; readonly sensitive: boolean }>>;
  readonly open_form: { readonly name: string; readonly missing: readonly string[] } | null;
  readonly knowledge_tried: readonly Passage[];
  readonly actions_tried: readonly ActionTried[];
  readonly routing: { readonly skill: string; readonly priority: string; readonly language: string };
}

export interface TicketDetail {
  readonly ticket: Ticket;
  readonly handoff: Handoff;
  readonly entries: readonly Entry[];
}

export type Outcome = "solved" | "not_solved" | "no_reply";

export const LISTS = ["waiting", "mine", "team", "closed"] as const;
export type ListName = (typeof LISTS)[number];
export const LONGEST_REPLY = 4000; // characters, the gateway's own limit
