/** A customer who wants the answer elsewhere: the address, and a letter that is begun there. */

import { h } from "../shared/dom";
import type { Ticket } from "./protocol";

const SUBJECT = "Your question to us";

/** A link that begins a letter in the agent's mail program; null where no address was left. */
export function letterTo({ contact, customer_name }: Ticket): string | null {
  const address = contact?.kind === "email" ? contact.address : null;
  if (!address) return null;
  const greeting = customer_name ? `Dear ${customer_name},` : "Hello,";
  // RFC 6068: a customer wrote the address, so nothing in it may begin another field of the letter.
  const to = encodeURIComponent(address).replaceAll("%40", "@");
  return `mailto:${to}?subject=${encodeURIComponent(SUBJECT)}&body=${encodeURIComponent(`${greeting}\r\n\r\n`)}`;
}

/** What stands above the conversation of somebody who has left an address; null for everybody else. */
export function contactElement(ticket: Ticket): HTMLElement | null {
  const href = letterTo(ticket);
  if (href === null) return null;
  return h(
    "p",
    { class: "contact" },
    h("span", { class: "tag" }, "by e-mail"),
    h("span", { dir: "ltr" }, ticket.contact?.address ?? ""),
    h("a", { href }, "Write the answer as an e-mail"),
    h("span", { class: "small" }, "They will see what you write below only if they come back here."),
  );
}
