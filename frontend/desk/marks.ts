/** Whether the assistant was right: what the visitor's thumb says, and what agents and trainers mark. */

import { timeOfDay } from "../shared/clock";
import { h } from "../shared/dom";
import { readable } from "./names";
import type { Entry, Verdict } from "./protocol";

/** A turn is marked, or its mark taken back with null. */
export type OnMark = (seq: number, verdict: Verdict | null, meant: string | null) => void;

const THUMBS = { up: "👍 The customer found this helpful", down: "👎 The customer found this not helpful" } as const;

export function thumb({ rating }: Entry): HTMLElement | null {
  return rating ? h("span", { class: `thumb ${rating}` }, THUMBS[rating]) : null;
}

/** What is marked, and for those who may the buttons to mark it. */
export function marks({ seq, mark, trace }: Entry, onMark: OnMark | null): HTMLElement | null {
  const said = mark
    ? `Marked ${mark.verdict} by ${mark.by ?? "somebody on the command line"}, ${timeOfDay(mark.at)}${mark.meant ? `: ${readable(mark.meant)} was meant` : ""}`
    : "";
  if (!onMark) return said === "" ? null : h("p", { class: "marks" }, said);
  const group = h("div", { class: "marks", role: "group", "aria-label": "Was the assistant right?" });
  for (const verdict of ["right", "wrong"] as const) {
    const pressed = mark?.verdict === verdict;
    group.append(
      h(
        "button",
        {
          type: "button",
          class: "link",
          "data-mark": verdict,
          "aria-pressed": String(pressed),
          on: { click: () => onMark(seq, pressed ? null : verdict, null) },
        },
        verdict === "right" ? "Right" : "Wrong",
      ),
    );
  }
  if (mark?.verdict === "wrong") group.append(meantInstead(seq, mark.meant ?? "", trace?.ranking ?? [], onMark));
  group.append(h("span", { role: "status" }, said));
  return group;
}

/** The intents that came next in the ranking are the likeliest; any other may be typed. */
function meantInstead(
  seq: number,
  meant: string,
  ranking: readonly { readonly name: string }[],
  onMark: OnMark,
): HTMLElement {
  const list = `meant-${seq}`;
  const field = h("input", {
    type: "text",
    list,
    value: meant,
    maxlength: 64,
    size: 22,
    autocomplete: "off",
    spellcheck: "false",
    "data-mark": "meant",
    placeholder: "intent, if you know it",
    on: { change: () => onMark(seq, "wrong", field.value.trim() || null) },
  });
  const known = h("datalist", { id: list }, ...ranking.map(({ name }) => h("option", { value: name }, readable(name))));
  return h("label", {}, "Meant: ", field, known);
}

/** After a redraw the focus belongs to the same button of the new element. */
export function keepFocus(old: HTMLElement, fresh: HTMLElement): () => void {
  const held = document.activeElement;
  const name = held && old.contains(held) ? held.getAttribute("data-mark") : null;
  return () => {
    if (name !== null) fresh.querySelector<HTMLElement>(`[data-mark="${name}"]`)?.focus();
  };
}
