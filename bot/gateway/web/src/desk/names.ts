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

export function customerName(name: string | null): string {
  return name ?? "Website visitor";
}

export function nameOf(ticket: Ticket): string {
  return (
    ticket.customer_name ?? (ticket.channel === "web" ? "Website visitor" : `${readable(ticket.channel)} customer`)
  );
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
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
