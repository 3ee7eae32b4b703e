/** The desk's smaller dialogs: handing over, setting aside, alerts, one's own password, and the list of shortcuts. */

import { h } from "../shared/dom";
import type { Transferred } from "./api";
import { ask, field, moment, picked, radios } from "./ask";
import { preferences } from "./preferences";
import type { Colleague } from "./protocol";

const LONGEST_NOTE = 1000; // characters; a note is read while somebody waits
const SHORTEST_PASSWORD = 12; // the gateway's own rule

export function askTransfer(team: readonly Colleague[], me: string): Promise<Transferred | null> {
  const order = { online: 0, away: 1, offline: 2 };
  const others = team.filter(({ id }) => id !== me).sort((a, b) => order[a.presence] - order[b.presence]);
  const to = h(
    "select",
    {},
    h("option", { value: "" }, "Back to the queue"),
    ...others.map(({ id, name, presence, conversations, capacity }) =>
      h("option", { value: id }, `${name} – ${presence}, ${conversations} of ${capacity}`),
    ),
  );
  if (others[0]?.presence === "online") to.value = others[0].id;
  const skills = [...new Set(team.flatMap((one) => one.skills))].sort();
  const skill = h(
    "select",
    {},
    h("option", { value: "" }, "as before"),
    ...["general", ...skills].map((name) => h("option", { value: name }, name)),
  );
  const note = h("textarea", { rows: 3, maxlength: LONGEST_NOTE, dir: "auto" });
  const content = [
    h("p", { class: "small" }, "The customer is told, keeps their place and does not have to repeat anything."),
    field("To", to),
    field("Skill, if it goes back to the queue", skill),
    field("Note for whoever takes over", note),
  ];
  return ask("Transfer", "Transfer", content, () => ({
    to_agent_id: to.value || null,
    skill: to.value === "" && skill.value !== "" ? skill.value : null,
    note: note.value.trim(),
  }));
}

/** Resolves with the time, or null when the agent changed their mind. */
export async function askSnooze(now = new Date()): Promise<string | null> {
  const own = h("input", { type: "datetime-local", "aria-label": "Another time" });
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9);
  const choices: [string, string][] = [
    [new Date(now.valueOf() + 30 * 60_000).toISOString(), "In half an hour"],
    [new Date(now.valueOf() + 2 * 3_600_000).toISOString(), "In two hours"],
    [tomorrow.toISOString(), "Tomorrow at nine"],
    ["own", "At another time"],
  ];
  own.addEventListener("input", () => {
    const last = own.closest("form")?.querySelector<HTMLInputElement>('input[value="own"]');
    if (last) last.checked = true;
  });
  const content = [
    h("p", { class: "small" }, "It comes back by itself at that time, or as soon as the customer writes."),
    radios("until", "Until when?", choices, choices[0]?.[0] ?? null),
    own,
  ];
  return ask("Snooze", "Snooze", content, (form) => {
    const until = picked(form, "until");
    return until === "own" ? moment(own.value) : until;
  });
}

export function askAlerts(): Promise<true | null> {
  const sound = h("input", { type: "checkbox" });
  const notice = h("input", { type: "checkbox" });
  sound.checked = preferences.get("sound");
  notice.checked = preferences.get("notice");
  const content = [
    h(
      "p",
      { class: "small" },
      "When somebody begins to wait, when one of your customers writes, and when a colleague mentions you.",
    ),
    h("label", { class: "radio" }, sound, "Play a sound"),
    h("label", { class: "radio" }, notice, "Show a system notification, without the customer's words"),
  ];
  return ask("Alerts", "Save", content, () => {
    preferences.set("sound", sound.checked);
    preferences.set("notice", notice.checked);
    if (notice.checked && "Notification" in window) void Notification.requestPermission();
    return true as const;
  });
}

export function askPassword(): Promise<{ old: string; fresh: string } | null> {
  const old = h("input", { type: "password", autocomplete: "current-password", required: true });
  const fresh = h("input", {
    type: "password",
    autocomplete: "new-password",
    required: true,
    minlength: SHORTEST_PASSWORD,
  });
  const content = [
    h("p", { class: "small" }, "You will be signed out everywhere and can sign in with the new one."),
    field("Current password", old),
    field(`New password, at least ${SHORTEST_PASSWORD} characters`, fresh),
  ];
  return ask("Your password", "Change password", content, () => ({ old: old.value, fresh: fresh.value }));
}

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ["Alt ↓ / Alt ↑", "Next or previous ticket"],
  ["Alt N", "Open the first in the queue"],
  ["Alt X", "Take the next customer for me"],
  ["Alt C", "Claim"],
  ["Alt M", "Write a reply"],
  ["Esc in a field", "Leave the field: keys with Alt work outside fields"],
  ["Alt J", "Reply or note"],
  ["Alt O", "Ask a colleague"],
  ["/ and @ in the field", "Canned replies, colleagues"],
  ["Alt 1, Alt 2, Alt 3", "Use a suggested reply"],
  ["Alt F", "Search the knowledge"],
  ["Enter, Shift Enter", "Send, new line"],
  ["Alt T", "Transfer"],
  ["Alt S", "Snooze"],
  ["Alt B", "Back to the assistant"],
  ["Alt R", "Resolve"],
  ["Alt K or ?", "This list"],
];

export function showShortcuts(): Promise<true | null> {
  const rows = SHORTCUTS.map(([keys, what]) => h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, what)));
  const mark = h("input", { type: "checkbox" });
  mark.checked = preferences.get("questionMark");
  mark.addEventListener("change", () => preferences.set("questionMark", mark.checked));
  const content = [
    h("dl", { class: "shortcuts" }, ...rows),
    h(
      "label",
      { class: "radio small" },
      mark,
      "Open this list with ? (a key without Alt can get in the way of speech input)",
    ),
  ];
  return ask("Shortcuts", null, content, () => true as const);
}
