/** Every word that the widget itself says, in English; other languages stand in languages.ts. */

import { languages } from "./languages";
import type { Wait } from "./protocol";

/** The waiting time in a few words; the truth when it cannot be told. */
function minutes({ p50_minutes: half, p90_minutes: most, too_wide }: Wait): string {
  if (too_wide) return `hard to say how long, maybe over ${most} min`;
  return half === most ? `about ${most} min` : `about ${half} min, hardly more than ${most}`;
}

const english = {
  launcher: "Open help chat",
  launcherShort: "Help",
  close: "Close the chat",
  log: "Messages",
  compose: "Your message",
  placeholder: "Write a message…",
  send: "Send",
  person: "Talk to a person",
  personMessage: "I'd like to talk to a person",
  back: "Back to the assistant",
  backFailed: "That did not work just now. Please try again.",
  replies: "Suggested replies",
  helpful: "Was this helpful?",
  thumbs: { up: "Helpful", down: "Not helpful" },
  source: "From our help pages",
  newMessages: "New messages",
  lost: "No connection. Trying again…",
  busy: "Many people are opening the chat just now. One moment, we will be with you…",
  connecting: "Connecting…",
  sending: "sending…",
  retrying: "not sent yet, retrying",
  slowed: "That was a lot at once. This goes out by itself in a moment.",
  refused: "not sent",
  edit: "Change it",
  authors: { bot: "Assistant", human: "Our team", customer: "You", system: "Notice" },
  assistant: "Talking to the assistant",
  linkFailed: "That link has expired or was used already.",
  queue: (position: number | null, wait: Wait | null): string => {
    if (position === null) return "Waiting for a person";
    const place = position === 1 ? "You are next" : `Number ${position} in the queue`;
    return `Waiting for a person\n${place}${wait === null ? "" : `, ${minutes(wait)}`}`;
  },
  human: (name: string | null): string => (name ? `Talking to ${name}` : "Talking to a person"),
  typing: (who: string): string => `${who} is writing`,
  unread: (count: number): string => (count === 1 ? "1 new message" : `${count} new messages`),
  left: (count: number): string =>
    count >= 0 ? `${count} characters left` : `${-count} characters too many, please shorten it`,
  answerTo: (address: string): string => `We answer to ${address}`,
  more: "More below",
  today: "Today",
  yesterday: "Yesterday",
  end: "End and forget",
  endAsk: "End this conversation and forget it in this browser?",
  endKeep: "Keep it",
  ended: "The conversation has ended. This browser has forgotten it, and nobody can open it again.",
  endedPerson:
    "The conversation has ended. This browser has forgotten it, and nobody can open it again. Our team still sees what you wrote to them.",
  endedAlone: "This browser has forgotten the conversation. We could not be reached to end it on our side too.",
};

/** What a language may say in its own words; what it lacks stays English. */
export type Texts = typeof english;

export let texts: Texts = english;

const RIGHT_TO_LEFT = new Set(["ar"]);

/** Speak a page's language where there are labels for it; gives what the elements around them need. */
export function speak(wanted: string): { readonly lang: string; readonly dir: "ltr" | "rtl" } {
  const lang = wanted.toLowerCase().split(/[-_]/)[0] ?? "";
  const own = Object.hasOwn(languages, lang) ? languages[lang] : undefined;
  if (!own) return { lang: "en", dir: "ltr" };
  texts = { ...english, ...own };
  return { lang, dir: RIGHT_TO_LEFT.has(lang) ? "rtl" : "ltr" };
}
