/** The script's own tag on the page: which gateway it came from, and what the page wrote on it. */

export interface Tag {
  /** The gateway's origin. */
  readonly base: string;
  /** `data-title`: the name above the chat. */
  readonly title: string | null;
  /** `data-lang`: the language of labels, when it is not the page's. */
  readonly language: string | null;
}

const NAMED = /https?:\/\/[^\s()"']*?\/widget\.js(?:\?[^\s():"']*)?/;

/** Null when the script cannot tell where it came from: it was pasted into the page, or bundled into another file. */
export function ownTag(): Tag | null {
  const script = document.currentScript as HTMLScriptElement | null;
  // A module has no current script; its address stands in the trace of any error.
  const src = script?.src || (NAMED.exec(new Error("where").stack ?? "")?.[0] ?? "");
  if (src === "") return null;
  const tag = script ?? [...document.scripts].find((one) => one.src === src) ?? null;
  return { base: new URL(src).origin, title: tag?.dataset.title || null, language: tag?.dataset.lang || null };
}
