/** Every word that the widget itself says. */

import type { Wait } from "./protocol";

/** The waiting time in a few words; the truth when it cannot be told. */
function minutes({ p50_minutes: half, p90_minutes: most, too_wide }: Wait): string {
  if (too_wide) return `hard to say how long, maybe over ${most} min`;
  return half === most ? `about ${most} min` : `about ${half} min, hardly more than ${most}`;
}

export const texts = {
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
} as const;
