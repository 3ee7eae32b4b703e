/** The lines of a transcript as they are read: days, one line for each hand-over, the assistant's thoughts on demand. */

import type { Entry } from "./protocol";

export type Line =
  | { readonly kind: "day"; readonly at: string }
  | { readonly kind: "entry"; readonly entry: Entry }
  | {
      readonly kind: "hand-over";
      readonly entry: Entry;
      /** What the customer was told of it. */
      readonly notice: Entry | null;
      /** The last place in the queue, where it changed after this. */
      readonly moved: Entry | null;
    };

export function linesOf(entries: readonly Entry[], understood: boolean): Line[] {
  const told = entries.filter(({ type }) => type !== "suggestion" && (understood || type !== "trace"));
  const notices = noticesOf(told);
  const spoken = new Set(notices.values());
  const lines: Line[] = [];
  let day = "";
  /** Where the line stands by which the customer came into the queue; -1 outside it. */
  let queued = -1;
  for (const entry of told) {
    if (spoken.has(entry)) continue;
    if (entry.type === "state") {
      const queuing = entry.change?.owner === "queue";
      const before = lines[queued];
      if (queuing && before?.kind === "hand-over" && !notices.has(entry)) {
        lines[queued] = { ...before, moved: entry };
        continue;
      }
      queued = -1;
    }
    const today = new Date(entry.at).toDateString();
    if (today !== day) lines.push({ kind: "day", at: entry.at });
    day = today;
    if (entry.type !== "state") lines.push({ kind: "entry", entry });
    else {
      if (entry.change?.owner === "queue") queued = lines.length;
      lines.push({ kind: "hand-over", entry, notice: notices.get(entry) ?? null, moved: null });
    }
  }
  return lines;
}

/** The notice that was written with a change of hands, by the change: one transaction gives both the same moment. */
function noticesOf(entries: readonly Entry[]): Map<Entry, Entry> {
  const notices = new Map<Entry, Entry>();
  const talk = entries.filter(({ type }) => type !== "trace");
  talk.forEach((entry, at) => {
    if (entry.type !== "state") return;
    for (const beside of [talk[at + 1], talk[at - 1]]) {
      if (beside?.type === "message" && beside.author === "system" && beside.at === entry.at && !notices.has(entry)) {
        notices.set(entry, beside);
      }
    }
  });
  return notices;
}
