/**
 * Finds web addresses, e-mail addresses and telephone numbers in plain text. Only http, https, mailto and tel become
 * links; everything else stays the text it is.
 */

export interface Segment {
  readonly text: string;
  /** A checked address, null for plain text. */
  readonly href: string | null;
}

// Stops at spaces, quotes, angle brackets, backslashes and at characters that change the direction of writing, which
// are used to make an address look like another one.
const NOT_IN_ADDRESS = "\\s<>\"'`\\\\\\u0000-\\u001f\\u007f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff";
// "https://…", or "www." with a host of letters that nobody can mistake.
const WEB = `https?://[^${NOT_IN_ADDRESS}]+|(?<![\\w@/:.-])www\\.(?:[a-z0-9-]{1,63}\\.)+[a-z]{2,24}(?::\\d{1,5})?(?:[/?#][^${NOT_IN_ADDRESS}]*)?(?![\\w-])`;
// RFC 5321: 64 characters before the sign. What is part of another address (https://name@host) is none of its own.
const MAIL =
  "(?<![\\w.%+@/:'-])(?:mailto:)?[a-z0-9](?:[\\w.%+'-]{0,62}[\\w+])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,8}[a-z]{2,24}(?![\\w@-])";
// A country's code after +, or a 0 and an area code; groups with one blank, hyphen or dot between them.
const PHONE = "(?<![\\w+/.#£$€-])(?:\\+[1-9]|\\(0|0[1-9])(?:[ ().-]{0,2}\\d){6,16}(?![\\w/-]|[.,]\\d)";
const ANY = new RegExp(`(${WEB})|(${MAIL})|(${PHONE})`, "gi");

const TRAILING = /[.,:;!?*_~…]+$/;
const BRACKETS: readonly (readonly [string, string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
];
const LONGEST = 2048;
// E.164 allows 15 digits; a national number with its 0 has 10 or 11, and fewer could be any number.
const DIGITS = { international: [8, 15], national: [10, 11] } as const;

export function linkify(text: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(ANY)) {
    const [whole, web, mail] = match;
    const found = web === undefined ? whole : trimmed(web);
    const href = web !== undefined ? webHref(found) : mail !== undefined ? mailHref(mail) : phoneHref(found);
    if (href === null) continue;
    if (match.index > end) segments.push({ text: text.slice(end, match.index), href: null });
    segments.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) segments.push({ text: text.slice(end), href: null });
  return segments;
}

/** The address in its normal form, or null when it is not a plain http(s) address. */
export function safeHref(address: string): string | null {
  if (address.length > LONGEST) return null;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  // A name before an @ makes "https://larkfield.example@evil.example" look like somebody else's.
  if (url.username !== "" || url.password !== "") return null;
  return url.href;
}

/** The same for an address that an author wrote as a link: a web address, an e-mail address or a telephone number. */
export function authorsHref(address: string): string | null {
  const web = safeHref(address);
  if (web !== null) return web;
  const [only, ...more] = linkify(address.replace(/^tel:/i, ""));
  return only && more.length === 0 && only.href !== null ? only.href : null;
}

function webHref(found: string): string | null {
  return safeHref(/^www\./i.test(found) ? `https://${found}` : found);
}

function mailHref(found: string): string {
  const [name = "", host = ""] = found.replace(/^mailto:/i, "").split("@");
  return `mailto:${encodeURIComponent(name)}@${host.toLowerCase()}`;
}

function phoneHref(found: string): string | null {
  const digits = found.replace(/\D/g, "");
  const abroad = found.startsWith("+");
  const [fewest, most] = abroad ? DIGITS.international : DIGITS.national;
  if (digits.length < fewest || digits.length > most || count(found, "(") !== count(found, ")")) return null;
  // Ten digits in one piece are an article's or an order's number as often as a telephone's.
  if (!abroad && digits === found && digits.length < most) return null;
  // "+44 (0)20 …": the 0 in brackets is for calls from inside the country only.
  return `tel:${abroad ? `+${found.replace(/\(0\)/, "").replace(/\D/g, "")}` : digits}`;
}

/** Without the punctuation of the sentence around it, and without a closing bracket that was never opened. */
function trimmed(address: string): string {
  let found = address;
  for (;;) {
    const before = found;
    found = found.replace(TRAILING, "");
    for (const [open, close] of BRACKETS) {
      if (found.endsWith(close) && count(found, close) > count(found, open)) found = found.slice(0, -1);
    }
    if (found === before) return found;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
