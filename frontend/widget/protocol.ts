/** What the gateway sends to a visitor; docs/reference/web-api.md describes it. */

export interface Choice {
  readonly title: string;
  readonly token: string;
}

export interface Citation {
  readonly title: string;
  readonly heading: string | null;
  readonly url: string | null;
}

/** A thumb on an answer; open while the visitor has not set one. */
export type Rating = "up" | "down" | "open";

export interface Message {
  readonly seq: number;
  readonly at: string;
  readonly author: "customer" | "bot" | "human" | "system";
  readonly author_name: string | null;
  readonly text: string;
  /** The same with its structure, in the format that `format` names; null or absent where there is none to draw. */
  readonly formatted?: string | null;
  readonly choices: readonly Choice[];
  readonly citation: Citation | null;
  readonly client_seq: number | null;
  /** Null where nobody is asked what they think of it. */
  readonly rating?: Rating | null;
  /** How the text is written; null or absent where that is not said. */
  readonly format?: "markdown" | "plain" | null;
}

export interface State {
  readonly seq: number;
  readonly at: string;
  readonly owner: "bot" | "queue" | "human";
  readonly agent_name: string | null;
  readonly position: number | null;
  readonly wait?: Wait | null;
  /** The address to which a person will answer. */
  readonly answer_to?: string | null;
}

/** How long it will take: half of the customers wait less than the first, nine of ten less than the second. */
export interface Wait {
  readonly p50_minutes: number;
  readonly p90_minutes: number;
  /** The two lie so far apart that nobody should count on them. */
  readonly too_wide: boolean;
}

export interface Opened {
  readonly conversation_id: string;
  readonly token: string;
  readonly greeting: string;
}

/** A conversation that came from another channel by a link. */
export interface Continued extends Opened {
  readonly last_client_seq: number;
}

/** What the visitor sends: words, or the token of a button. */
export type Outgoing = { readonly text: string } | { readonly choice: string; readonly title: string };

export const LONGEST_MESSAGE = 4000; // characters, the gateway's own limit

/** The gateway's code for a number under which it has other words. */
export const NUMBER_TAKEN = "number_taken";
/** The gateway's code for a conversation that it does not have, or a token that is not its own. */
export const UNKNOWN_CONVERSATION = "unknown_conversation";
