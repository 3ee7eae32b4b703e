/**
 * Every word that the widget itself says. They stand in the catalogue (bot/wording): English is built in, the page's
 * language, and a company's own words, come from the gateway.
 */

import { requestJson } from "../shared/api";
import english from "./english.json";
import type { Wait } from "./protocol";

/** A text with `{placeholders}`, or one for each plural form of the language, chosen by `{count}`. */
type Text = string | { readonly other: string; readonly [form: string]: string };
export type Words = { readonly [Key in keyof typeof english]: Text };
type Values = Readonly<Record<string, string | number>>;

/** As the gateway's `/api/web/wording/{locale}` answers. */
export interface Wording {
  /** A language tag: the language that was found for the one that was asked for. */
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly texts: Partial<Words>;
}

const ENGLISH: Wording = { language: "en", direction: "ltr", texts: english };

/** The words in a language as the widget's parts use them. */
export function textsOf({ language, direction, texts: own }: Wording) {
  const words: Words = { ...english, ...own };
  const plural = new Intl.PluralRules(language);
  // An English name must not turn an Arabic sentence around (Unicode UAX 9).
  const [before, after] = direction === "rtl" ? ["\u2068", "\u2069"] : ["", ""];
  const say = (key: keyof Words, values: Values = {}): string => {
    const text = words[key];
    const form = typeof values.count === "number" ? plural.select(values.count) : "other";
    const chosen = typeof text === "string" ? text : (text[form] ?? text.other);
    return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? String(value) : `${before}${value}${after}`;
    });
  };
  /** The waiting time in a few words; the truth when it cannot be told. */
  const minutes = ({ p50_minutes: half, p90_minutes: most, too_wide }: Wait): string => {
    if (too_wide) return say("wait_unclear", { count: most });
    return half === most ? say("wait_at_most", { count: most }) : say("wait", { count: half, most });
  };
  return {
    launcher: say("launcher"),
    launcherShort: say("launcher_short"),
    close: say("close"),
    log: say("log"),
    compose: say("compose"),
    placeholder: say("placeholder"),
    send: say("send"),
    person: say("person"),
    personMessage: say("person_message"),
    back: say("back"),
    backFailed: say("back_failed"),
    replies: say("replies"),
    helpful: say("helpful"),
    thumbs: { up: say("thumb_up"), down: say("thumb_down") },
    source: say("source"),
    newMessages: say("new_messages"),
    lost: say("lost"),
    busy: say("busy"),
    sending: say("sending"),
    retrying: say("retrying"),
    slowed: say("slowed"),
    refused: say("refused"),
    edit: say("edit"),
    authors: {
      bot: say("author_bot"),
      human: say("author_human"),
      customer: say("author_customer"),
      system: say("author_system"),
    },
    assistant: say("assistant"),
    linkFailed: say("link_failed"),
    queue: (position: number | null, wait: Wait | null): string => {
      if (position === null) return say("waiting");
      const place = position === 1 ? say("waiting_next") : say("waiting_place", { position });
      const all = wait === null ? place : say("with_wait", { place, wait: minutes(wait) });
      return `${say("waiting")}\n${all}`;
    },
    human: (name: string | null): string => (name ? say("human", { agent: name }) : say("human_unnamed")),
    typing: (who: string): string => say("typing", { who }),
    unread: (count: number): string => say("unread", { count }),
    left: (count: number): string => (count >= 0 ? say("left", { count }) : say("too_long", { count: -count })),
    answerTo: (address: string): string => say("answer_to", { address }),
    more: say("more"),
    today: say("today"),
    yesterday: say("yesterday"),
    end: say("end"),
    endAsk: say("end_ask"),
    endKeep: say("end_keep"),
    ended: say("ended"),
    endedPerson: say("ended_person"),
    endedAlone: say("ended_alone"),
  };
}

export let texts = textsOf(ENGLISH);

/** Ask the gateway for a language's words; English where it cannot answer, or has no such language. */
export async function wordingFor(base: string, locale: string): Promise<Wording> {
  try {
    return await requestJson<Wording>(`${base}/api/web/wording/${encodeURIComponent(locale)}`);
  } catch {
    return ENGLISH;
  }
}

/** Speak in these words; gives what the elements around them need. */
export function speak(wording: Wording): { readonly lang: string; readonly dir: "ltr" | "rtl" } {
  texts = textsOf(wording);
  return { lang: wording.language, dir: wording.direction };
}

/** A page's language tag without what the gateway does not know ("de-DE-u-co-phonebk"). */
export function localeOf(tag: string): string {
  return /^[a-z]{2,3}([-_][a-z0-9]{2,8}){0,2}/i.exec(tag)?.[0].slice(0, 16) ?? "en";
}
