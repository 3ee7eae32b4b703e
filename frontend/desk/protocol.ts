/** What the gateway tells an agent; docs/reference/web-api.md and bot/handoff describe it. */

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** What a role may do; the gateway asks again at each call. */
export type May = "read" | "answer" | "mark" | "supervise" | "teach" | "audit" | "administer";

export interface Session {
  readonly agent: Agent;
  readonly may: readonly May[];
  readonly csrf: string;
}

export interface Ticket {
  readonly id: string;
  readonly conversation_id: string;
  readonly state: "queued" | "scheduled" | "accepted" | "returned" | "completed" | "failed" | "abandoned";
  readonly reason: { readonly code: string; readonly text: string };
  readonly summary: string;
  readonly customer_name: string | null;
  readonly channel: string;
  readonly created_at: string;
  readonly age_seconds: number;
  readonly agent: { readonly id: string; readonly name: string } | null;
  readonly last_seq: number;
  readonly skill: string;
  readonly language: string;
  readonly priority: string;
  /** The number in the queue, from 1, when this was written; null for whoever is in no queue. */
  readonly place?: number | null;
  /** What the queue is ordered by: texts that sort like the moments they are. */
  readonly rank_at?: string | null;
  /** The agent for whom it waits while they are at work. */
  readonly assigned_to?: string | null;
  /** Where the customer wants the answer; the address is null while they are asked for it. */
  readonly contact?: { readonly kind: string; readonly address: string | null } | null;
  /** Seconds since the customer began to wait: for a person, or for an answer; null when it is ours to wait. */
  readonly waiting_seconds: number | null;
  readonly snoozed_until: string | null;
  readonly callback_at: string | null;
  readonly outcome: string | null;
  /** A colleague named me here, and I have not looked. Lists alone say it. */
  readonly mentioned?: boolean;
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
  readonly type: "message" | "state" | "note" | "trace" | "suggestion";
  readonly text: string;
  readonly choices: readonly { readonly title: string }[];
  readonly citation: { readonly title: string; readonly heading: string | null; readonly url: string | null } | null;
  readonly delivery: "waiting" | "sent" | "repeated" | "failed" | null;
  readonly trace: Trace | null;
  /** The text with its structure, where it has one. */
  readonly format?: string | null;
  readonly formatted?: string | null;
  /** What a state entry tells of: who has the conversation now. */
  readonly change?: { readonly owner: string; readonly agent_name: string | null; readonly position: number | null };
  /** The desk's own number of an agent's reply or note. */
  readonly client_seq: number | null;
  readonly mentions?: readonly { readonly id: string; readonly name: string }[];
  readonly suggestion?: Suggestion;
  /** The visitor's thumb on an answer of the assistant. */
  readonly rating?: "up" | "down" | null;
  /** What was last said of the turn that this trace tells of. */
  readonly mark?: Mark | null;
}

export type Verdict = "right" | "wrong";

export interface Mark {
  readonly verdict: Verdict;
  /** The intent that was meant. */
  readonly meant: string | null;
  /** Null on the command line. */
  readonly by: string | null;
  readonly at: string;
}

export interface Source {
  readonly article?: string;
  readonly title?: string;
  readonly heading?: string;
  readonly url?: string;
  /** What looked it up, where it is no article. */
  readonly action?: string;
}

export interface Offer {
  readonly kind: "answer" | "looked_up" | "say" | "passage";
  readonly text: string;
  readonly format?: string | null;
  readonly formatted?: string | null;
  readonly source: Source | null;
  readonly verdict: "accepted" | "edited" | "rejected" | null;
}

/** What the bot would have said and done about one message. */
export interface Suggestion {
  readonly for_seq: number;
  readonly offers: readonly Offer[];
  readonly next_action: {
    readonly kind: "start_form" | "continue_form";
    readonly form: string;
    readonly asks: string | null;
    readonly text: string;
    readonly choices: readonly string[];
  } | null;
}

export interface Colleague extends Agent {
  readonly presence: Presence;
  readonly conversations: number;
  readonly capacity: number;
  readonly skills: readonly string[];
  readonly languages: readonly string[];
}

export const PRESENCES = ["online", "away", "offline"] as const;
export type Presence = (typeof PRESENCES)[number];

export interface Canned {
  readonly id: string;
  readonly shortcut: string;
  readonly title: string;
  readonly text: string;
}

export interface Found {
  readonly article: string;
  readonly title: string;
  readonly heading: string;
  readonly url: string;
  readonly public: boolean;
  readonly score: number;
  readonly text: string;
  readonly format?: string | null;
  readonly formatted?: string | null;
}

export interface Earlier {
  readonly ticket_id: string;
  readonly at: string;
  readonly channel: string;
  readonly state: Ticket["state"];
  readonly reason: string;
  readonly outcome: string | null;
  readonly note: string;
  readonly agent_name: string | null;
}

export interface Promise_ {
  readonly text: string;
  readonly due_at: string | null;
  readonly remind: "customer" | "agent";
}

export interface WrapUp {
  readonly outcome: Outcome | null;
  readonly note: string;
  readonly reason: { readonly code: string; readonly text: string };
  readonly slots: Readonly<
    Record<string, { readonly value: unknown; readonly sensitive: boolean; readonly changed: boolean }>
  >;
}

export interface User extends Agent {
  readonly username: string;
  readonly disabled_at: string | null;
  readonly conversations?: number;
  readonly signed_in?: boolean;
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  readonly capacity: number;
}

export interface AuditRecord {
  readonly id: number;
  readonly at: string;
  readonly action: string;
  readonly agent: { readonly id: string; readonly name: string } | null;
  readonly ticket_id: string | null;
  readonly subject: { readonly id: string; readonly name: string | null } | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Supervision {
  readonly at: string;
  /** The first of the queue. */
  readonly waiting: readonly Ticket[];
  readonly waiting_count: number;
  readonly agents: readonly Colleague[];
  readonly levels: {
    readonly target_seconds: number;
    readonly tickets: number;
    readonly answered: number;
    readonly abandoned: number;
    readonly in_time: number | null;
    readonly p50_seconds: number | null;
    readonly p90_seconds: number | null;
  };
  readonly promises: {
    readonly count: number;
    readonly p50_promised_seconds: number | null;
    readonly p90_promised_seconds: number | null;
    readonly p50_covered: number | null;
    readonly p90_covered: number | null;
    readonly real_p50_seconds: number | null;
    readonly real_p90_seconds: number | null;
    readonly compared: number;
    readonly pinball_seconds: number | null;
    readonly moving_mean_pinball_seconds: number | null;
  };
  readonly reasons: readonly { readonly code: string; readonly count: number }[];
  readonly outcomes: readonly { readonly state: string; readonly count: number }[];
}

export interface Counts {
  readonly offered: number;
  readonly accepted: number;
  readonly edited: number;
  readonly rejected: number;
}

export interface SuggestionReport {
  readonly since: string;
  readonly total: Counts;
  readonly kinds: readonly (Counts & { readonly kind: string })[];
  readonly articles: readonly (Counts & { readonly article: string })[];
  readonly examples: readonly {
    readonly at: string;
    readonly question: string | null;
    readonly offered: string;
    readonly verdict: string;
    readonly sent: string | null;
  }[];
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
  readonly slots: Readonly<Record<string, Slot>>;
  readonly open_form: { readonly name: string; readonly missing: readonly string[] } | null;
  readonly knowledge_tried: readonly Passage[];
  readonly actions_tried: readonly ActionTried[];
  readonly routing: { readonly skill: string; readonly priority: string; readonly language: string };
}

/** Title and text are what the company calls the slot and its value, where an id or a code stands in it. */
export interface Slot {
  readonly value: unknown;
  readonly sensitive: boolean;
  readonly title?: string;
  readonly text?: string;
}

export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** Where the next page begins; null on the last one. */
  readonly next: string | null;
}

export interface TicketDetail {
  readonly ticket: Ticket;
  readonly handoff: Handoff;
  readonly entries: readonly Entry[];
  readonly earlier: readonly Earlier[];
}

export type Outcome = "solved" | "not_solved" | "no_reply";

/** One's own on top: they wait for an answer of oneself. */
export const LISTS = ["mine", "waiting", "team", "all"] as const;
/** What is loaded at once; the list of all goes on without an end. */
export const OPEN_LISTS = ["mine", "waiting", "team"] as const;
export type ListName = (typeof LISTS)[number];
/** Where one ticket stands; the closed ones are in no list but `all`. */
export type Standing = Exclude<ListName, "all"> | "closed";
export const LONGEST_REPLY = 4000; // characters, the gateway's own limit
