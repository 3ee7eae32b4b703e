/** Finds web addresses in plain text. Only http and https become links; everything else stays the text it is. */

export interface Segment {
  readonly text: string;
  /** A checked address, null for plain text. */
  readonly href: string | null;
}

// Stops at spaces, quotes, angle brackets, backslashes and at characters that change the direction of writing, which
// are used to make an address look like another one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must end an address
const ADDRESS = /https?:\/\/[^\s<>"'`\\\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gi;
const TRAILING = /[.,:;!?*_~…]+$/;
const BRACKETS: readonly (readonly [string, string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
];
const LONGEST = 2048;

export function linkify(text: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = trimmed(match[0]);
    const href = safeHref(found);
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
