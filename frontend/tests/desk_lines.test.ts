/** What the desk makes of lines, places, names and days. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf } from "../desk/archive";
import { Board } from "../desk/board";
import { letterTo } from "../desk/contact";
import { HUES, hueOf, initialsOf, nameOf, onlyAMachineSays, valueText } from "../desk/names";
import type { Entry, Ticket } from "../desk/protocol";
import { linesOf } from "../desk/story_lines";

function ticket(id: string, more: Partial<Ticket> = {}): Ticket {
  return {
    id,
    conversation_id: `01M8J2ERVS9QG2WGFQZ3TG${id}`,
    state: "queued",
    reason: { code: "customer_request", text: "" },
    summary: "",
    customer_name: null,
    channel: "web",
    skill: "general",
    language: "en",
    priority: "normal",
    waiting_seconds: null,
    snoozed_until: null,
    callback_at: null,
    outcome: null,
    created_at: "2026-11-22T10:00:00Z",
    age_seconds: 30,
    agent: null,
    last_seq: 1,
    ...more,
  };
}

function entry(seq: number, more: Partial<Entry> = {}): Entry {
  const rest = { author_name: null, choices: [], citation: null, delivery: null, trace: null, client_seq: null };
  const at = `2026-11-22T10:00:${String(seq).padStart(2, "0")}Z`;
  return { seq, at, author: "customer", type: "message", text: `${seq}`, ...rest, ...more };
}

function state(seq: number, owner: string, position: number | null = null, more: Partial<Entry> = {}): Entry {
  return entry(seq, { type: "state", author: "system", change: { owner, agent_name: null, position }, ...more });
}

/** The lines in short: a number for each entry, "day", and for a hand-over its notice and last place. */
function short(entries: readonly Entry[], understood = false): string[] {
  return linesOf(entries, understood).map((line) => {
    if (line.kind === "day") return "day";
    if (line.kind === "entry") return String(line.entry.seq);
    return `${line.entry.seq}+${line.notice?.seq ?? ""}>${line.moved?.change?.position ?? ""}`;
  });
}

test("K2, kind 10: who waits stands in the order of the queue, call-backs behind it, whatever came first", () => {
  const board = new Board("me");
  board.hear(ticket("1", { rank_at: "2026-11-22T10:00:00.000002+00:00" }));
  board.hear(ticket("2", { rank_at: "2026-11-22T10:00:00.000001+00:00" }));
  board.hear(ticket("3", { rank_at: "2026-11-22T09:40:00.000000+00:00", created_at: "2026-11-22T10:00:00Z" }));
  board.hear(ticket("0", { state: "scheduled", callback_at: "2026-11-20T10:00:00Z" }));
  board.hear(ticket("b", { rank_at: "2026-11-22T10:00:00.000002+00:00" }));
  board.hear(ticket("a", { rank_at: "2026-11-22T10:00:00.000002+00:00" }));
  assert.deepEqual(
    board.list("waiting").map(({ id }) => id),
    ["3", "2", "1", "a", "b", "0"],
  );
});

test("K10, kind 10: a hand-over is one line with what the customer was told; the assistant's thoughts are folded away", () => {
  const at = "2026-11-22T10:00:03Z";
  const story = [
    entry(1),
    entry(2, { type: "trace", author: "bot" }),
    state(3, "queue", 3),
    entry(4, { author: "system", at }),
    state(5, "queue", 2),
    state(6, "queue", 1),
    entry(7),
    state(8, "human"),
    entry(9, { author: "system", at: "2026-11-22T10:00:08Z" }),
    entry(10, { author: "system" }),
    entry(11, { type: "suggestion", author: "bot" }),
    state(12, "queue", 4),
    state(13, "queue", 2),
  ];
  assert.deepEqual(short(story), ["day", "1", "3+4>1", "7", "8+9>", "10", "12+>2"]);
  assert.deepEqual(short(story, true).slice(0, 4), ["day", "1", "2", "3+4>1"]);
});

test("K10, kind 10: a place that moves beside a notice of its own moment is a line of its own", () => {
  const story = [
    state(1, "queue", 1),
    state(2, "queue", 1),
    entry(3, { author: "system", at: "2026-11-22T10:00:02Z" }),
  ];
  assert.deepEqual(short(story), ["day", "1+>", "2+3>"]);
});

test("kind 9: each day begins with its name, in the reader's own time", () => {
  const days = ["2026-11-20T12:00:00Z", "2026-11-20T12:30:00Z", "2026-11-22T12:00:00Z"];
  assert.deepEqual(short(days.map((at, number) => entry(number, { at }))), ["day", "0", "1", "day", "2"]);
});

test("K5, kind 10: visitors without a name are told apart, by name, letters and colour", () => {
  assert.equal(nameOf(ticket("3F9A")), "Website visitor 3F9A");
  assert.equal(nameOf(ticket("3F9A", { channel: "telegram" })), "Telegram customer 3F9A");
  assert.equal(nameOf(ticket("3F9A", { customer_name: "  " })), "Website visitor 3F9A");
  assert.equal(initialsOf(ticket("3F9A")), "9A");
  assert.equal(initialsOf(ticket("x", { customer_name: "Ada de la Brook" })), "AB");
  assert.equal(initialsOf(ticket("x", { customer_name: "ömer" })), "ÖM");
  assert.equal(initialsOf(ticket("3F9A", { customer_name: "🙂" })), "9A");
  const hues = new Set(Array.from({ length: 200 }, (_, at) => hueOf(ticket(String(at)))));
  assert.equal(hues.size, HUES);
});

test("K4, kind 10: an address that a customer wrote begins a letter and nothing else", () => {
  const contact = (address: string | null): Partial<Ticket> => ({ contact: { kind: "email", address } });
  assert.equal(letterTo(ticket("1")), null);
  assert.equal(letterTo(ticket("1", contact(null))), null);
  const href = letterTo(ticket("1", contact("a?bcc=x@example.com&body=hi"))) ?? "";
  const url = new URL(href);
  assert.equal(url.protocol, "mailto:");
  assert.deepEqual([...url.searchParams.keys()], ["subject", "body"]);
  assert.equal(decodeURIComponent(url.pathname), "a?bcc=x@example.com&body=hi");
});

test("K7, kind 10: values read as words, and ids of systems are known", () => {
  assert.match(valueText("2026-12-01"), /2026/);
  assert.doesNotMatch(valueText("2026-12-01"), /-12-/);
  assert.equal(valueText("2026-13-41"), "2026-13-41");
  assert.equal(valueText(["a", true]), "a, yes");
  assert.deepEqual(
    ["LS-20261201-morning-1", "slot_2026-12-01_a", "LF-1234566", "2026-12-01", "Tern 45", 7].map(onlyAMachineSays),
    [true, true, false, false, false, false],
  );
});

test("K3, kind 10: a day goes from the agent's own midnight to the next", () => {
  const day = dayOf("2026-11-28");
  assert.equal(new Date(day?.since ?? "").getHours(), 0);
  assert.equal(new Date(day?.since ?? "").getDate(), 28);
  assert.equal(new Date(day?.until ?? "").getDate(), 29);
  assert.equal(dayOf(""), null);
  assert.equal(dayOf("yesterday"), null);
});
