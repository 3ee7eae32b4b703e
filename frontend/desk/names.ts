/** Names from the machinery as an agent reads them. */

import type { Ticket } from "./protocol";

/** "book_technician_form" → "Book technician", "action_track_order" → "Track order", "store-hours" → "Store hours". */
export function readable(name: string): string {
  const words = name
    .replace(/^action_/, "")
    .replace(/_form$/, "")
    .replace(/[_-]+/g, " ")
    .trim();
  return words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

/** A visitor without a name is told from the others by the end of the conversation's id. */
export function nameOf(ticket: Ticket): string {
  return namePartsOf(ticket).join(" ").trimEnd();
}

/** The name, and what must be seen of it where there is no room. */
export function namePartsOf({ customer_name, channel, conversation_id }: Ticket): readonly [string, string] {
  if (customer_name !== null && customer_name.trim() !== "") return [customer_name, ""];
  return [channel === "web" ? "Website visitor" : `${readable(channel)} customer`, codeOf(conversation_id)];
}

/** Two letters for the picture beside a name: of a person's first and last name, of a visitor's code. */
export function initialsOf({ customer_name, conversation_id }: Ticket): string {
  const names = (customer_name ?? "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters =
    names.length > 1 ? [names[0], names.at(-1)].map((name) => [...(name ?? "")][0]) : [...(names[0] ?? "")];
  return (names.length === 0 ? codeOf(conversation_id).slice(-2) : letters.slice(0, 2).join("")).toUpperCase();
}

export const HUES = 12; // as many as desk.css has, each dark enough for white letters

/** The colour of a conversation, from 0: the same one every day and in every browser. */
export function hueOf({ conversation_id }: Ticket): number {
  let sum = 0;
  for (const letter of conversation_id) sum = (sum * 31 + letter.charCodeAt(0)) % 65_521;
  return sum % HUES;
}

// The end of an id is random: of a thousand visitors two have the same four characters once in two days.
function codeOf(id: string): string {
  return id
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(-4)
    .toUpperCase();
}

export function channelName(channel: string): string {
  return channel === "web" ? "Website" : readable(channel);
}

export const stateNames: Record<Ticket["state"], string> = {
  queued: "Waiting",
  scheduled: "Call-back arranged",
  accepted: "With an agent",
  returned: "Returned to the assistant",
  completed: "Finished",
  failed: "Failed",
  abandoned: "Customer went back to the assistant",
};

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value).replace(ISO_DAY, (whole, year, month, day) => spokenDay(whole, year, month, day));
}

// A date of ISO 8601 that stands alone, never a part of an id.
const ISO_DAY = /(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])/g;

function spokenDay(whole: string, year: string, month: string, day: string): string {
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  if (date.getMonth() !== Number(month) - 1 || date.getDate() !== Number(day)) return whole;
  return date.toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
}

/** Whether a value is an id that only systems know: one word with a date in it (bot/handoff/words.py). */
export function onlyAMachineSays(value: unknown): boolean {
  if (typeof value !== "string" || /[\s@]/.test(value.trim()) || !/[A-Za-z]/.test(value)) return false;
  return /(?:19|20)\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])/.test(value);
}
