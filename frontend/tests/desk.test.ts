/** The desk's lists and the open ticket's story. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Board } from "../desk/board";
import { openMark } from "../desk/completion";
import { Drafts } from "../desk/drafts";
import { readable } from "../desk/names";
import type { Entry, Ticket, TicketDetail } from "../desk/protocol";
import { type Outgoing, Story } from "../desk/story";
import { filled, unfilled } from "../desk/templates";
import { ApiError, NetworkError } from "../shared/api";
import { age } from "../shared/clock";

function ticket(id: string, state: Ticket["state"], more: Partial<Ticket> = {}): Ticket {
  const rest = {
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
  };
  return {
    id,
    conversation_id: `c${id}`,
    state,
    ...rest,
    created_at: `2026-11-22T10:00:0${id}Z`,
    age_seconds: 30,
    agent: null,
    last_seq: 1,
    ...more,
  };
}

function entry(seq: number, author: Entry["author"], text: string, more: Partial<Entry> = {}): Entry {
  const rest = { author_name: null, choices: [], citation: null, delivery: null, trace: null, client_seq: null };
  return { seq, at: "2026-11-22T10:00:00Z", author, type: "message", text, ...rest, ...more };
}

const ids = (tickets: readonly Ticket[]): string[] => tickets.map(({ id }) => id);

test("each open ticket stands in one list, who waits longest first; all stand together, newest first", () => {
  const board = new Board("me");
  board.hear(ticket("2", "queued"));
  board.hear(ticket("1", "queued"));
  board.hear(ticket("3", "accepted", { agent: { id: "me", name: "Me" } }));
  board.hear(ticket("4", "accepted", { agent: { id: "other", name: "Other" } }));
  board.hear(ticket("5", "abandoned"));
  assert.deepEqual(ids(board.list("waiting")), ["1", "2"]);
  assert.deepEqual(ids(board.list("mine")), ["3"]);
  assert.deepEqual(ids(board.list("team")), ["4"]);
  assert.deepEqual(ids(board.list("all")), ["5", "4", "3", "2", "1"]);
});

test("a list that was asked for before an event does not undo the event", async () => {
  const board = new Board("me");
  await board.load(async () => {
    board.hear(ticket("1", "accepted", { agent: { id: "me", name: "Me" } }));
    return [ticket("1", "queued"), ticket("2", "queued")];
  });
  assert.deepEqual(ids(board.list("waiting")), ["2"]);
  assert.deepEqual(ids(board.list("mine")), ["1"]);
});

test("the age goes on between two messages of the gateway", () => {
  let now = 1000;
  const board = new Board("me", () => now);
  board.hear(ticket("1", "queued", { age_seconds: 50 }));
  now += 70_000;
  assert.equal(board.age("1"), 120);
  assert.equal(age(board.age("1")), "2 min");
  assert.deepEqual([age(3), age(3900), age(90_000), age(200_000)], ["now", "1 h 05", "1 day", "2 days"]);
});

test("only a customer who has just begun to wait is announced", () => {
  const board = new Board("me");
  assert.equal(board.hear(ticket("1", "queued")), true);
  assert.equal(board.hear(ticket("1", "queued")), false);
  assert.equal(board.hear(ticket("1", "returned")), false);
});

test("a customer's words are unread in my conversations until I open them", () => {
  const board = new Board("me");
  board.hear(ticket("1", "accepted", { agent: { id: "me", name: "Me" } }));
  board.hearEntry("1", entry(5, "customer", "hello?"), false);
  assert.equal(board.isUnread("1"), true);
  board.opened("1");
  assert.equal(board.isUnread("1"), false);
});

function story(post: (outgoing: Outgoing) => Promise<{ seq: number }>): Story {
  let last = 0;
  return new Story(
    "1",
    post,
    () => ++last,
    () => undefined,
    async () => undefined,
  );
}

test("entries stand in order, once, and the live one wins over the loaded one", () => {
  const one = story(async () => ({ seq: 1 }));
  one.hear(entry(2, "human", "hi", { delivery: "sent" }));
  const entries = [entry(1, "customer", "a"), entry(2, "human", "hi", { delivery: "waiting" })];
  one.load({ ticket: ticket("1", "queued"), handoff: {}, entries } as unknown as TicketDetail);
  assert.deepEqual(
    one.inOrder.map(({ seq, delivery }) => [seq, delivery]),
    [
      [1, null],
      [2, "sent"],
    ],
  );
});

test("a thumb or a mark that came without an event is taken over from a load, the delivery is not", () => {
  const one = story(async () => ({ seq: 1 }));
  one.hear(entry(1, "bot", "11am", { delivery: "sent", rating: null }));
  one.hear(entry(2, "bot", "", { type: "trace", mark: null }));
  const mark = { verdict: "wrong", meant: null, by: "Sam", at: "2026-11-25T10:00:00Z" } as const;
  const entries = [
    entry(1, "bot", "11am", { delivery: "waiting", rating: "down" }),
    entry(2, "bot", "", { type: "trace", mark }),
  ];
  one.load({ ticket: ticket("1", "queued"), handoff: {}, entries } as unknown as TicketDetail);
  assert.deepEqual(
    one.inOrder.map(({ delivery, rating, mark: said }) => [delivery, rating ?? said?.verdict]),
    [
      ["sent", "down"],
      [null, "wrong"],
    ],
  );
});

test("a reply is repeated under its number until the gateway has it", async () => {
  const numbers: number[] = [];
  const one = story(async ({ clientSeq }) => {
    numbers.push(clientSeq);
    if (numbers.length < 3) throw new NetworkError("lost");
    return { seq: 9 };
  });
  one.send("hello");
  await settled();
  assert.deepEqual(numbers, [1, 1, 1]);
  assert.deepEqual(one.replies, []);
  assert.deepEqual(
    one.inOrder.map(({ seq, text }) => [seq, text]),
    [[9, "hello"]],
  );
});

test("a reply whose event is faster than its answer is not shown twice", async () => {
  const one = story(() => new Promise(() => undefined));
  one.send("hello");
  assert.equal(one.onTheirWay.length, 1);
  one.hear(entry(9, "human", "hello", { client_seq: 1 }));
  assert.equal(one.onTheirWay.length, 0);
});

test("a refused reply can be taken back into the field", async () => {
  const one = story(async () => {
    throw new ApiError(409, "not_yours", "Sam has this conversation.");
  });
  one.send("hello");
  await settled();
  assert.equal(one.replies[0]?.refused, "Sam has this conversation.");
  assert.equal(one.takeBack(one.replies[0]?.clientSeq ?? 0), "hello");
  assert.deepEqual(one.replies, []);
});

test("a customer waits from the first message without an answer, and no longer once there is one", () => {
  let now = 0;
  const board = new Board("me", () => now);
  board.hear(ticket("1", "accepted", { agent: { id: "me", name: "Me" } }));
  assert.equal(board.waiting("1"), null);
  board.hearEntry("1", entry(5, "customer", "hello?"), true);
  now += 60_000;
  board.hearEntry("1", entry(6, "customer", "anybody?"), true);
  now += 30_000;
  assert.equal(board.waiting("1"), 90);
  board.hearEntry("1", entry(7, "system", "a notice is no answer"), true);
  assert.equal(board.waiting("1"), 90);
  board.hearEntry("1", entry(8, "human", "Here I am."), true);
  assert.equal(board.waiting("1"), null);
  assert.equal(board.age("1"), 120);
});

test("a mention of me stays until I open the ticket, whether it was heard or loaded", async () => {
  const board = new Board("me");
  const note = entry(5, "human", "@Me ?", { type: "note", mentions: [{ id: "me", name: "Me" }] });
  board.hearEntry("1", note, false);
  board.hearEntry("2", { ...note, mentions: [{ id: "other", name: "Other" }] }, false);
  await board.load(async () => [ticket("3", "accepted", { mentioned: true })]);
  assert.deepEqual(
    ["1", "2", "3"].map((id) => board.isMentioned(id)),
    [true, false, true],
  );
  board.opened("1");
  assert.equal(board.isMentioned("1"), false);
});

const offered = (forSeq: number): Partial<Entry> => ({
  type: "suggestion",
  suggestion: { for_seq: forSeq, offers: [], next_action: null },
});

const seqOf = (one: Story): number | undefined => one.suggestion?.seq;

test("a suggestion is for the customer's last message, and gone once it is answered", () => {
  const one = story(() => new Promise(() => undefined));
  one.hear(entry(1, "customer", "a"));
  one.hear(entry(2, "bot", "", offered(1)));
  assert.equal(seqOf(one), 2);
  one.hear(entry(3, "customer", "b"));
  assert.equal(seqOf(one), undefined);
  one.hear(entry(4, "bot", "", offered(3)));
  assert.equal(seqOf(one), 4);
  one.send("a note", { kind: "note" });
  assert.equal(seqOf(one), 4);
  one.send("the answer");
  assert.equal(seqOf(one), undefined);
});

test("a reply says of which suggestion it was made, a note whom it names", async () => {
  const sent: Outgoing[] = [];
  const one = story(async (outgoing) => {
    sent.push(outgoing);
    return { seq: sent.length };
  });
  one.send("hello", { suggestion: { seq: 4, offer: 1 } });
  one.send("@Kim ?", { kind: "note", mentions: ["kim"] });
  await settled();
  assert.deepEqual(
    sent.map(({ kind, suggestion, mentions }) => [kind, suggestion, mentions]),
    [
      ["reply", { seq: 4, offer: 1 }, []],
      ["note", null, ["kim"]],
    ],
  );
  assert.deepEqual(
    one.inOrder.map(({ type }) => type),
    ["message", "note"],
  );
});

class MapShelf {
  private readonly kept = new Map<string, string>();
  get length(): number {
    return this.kept.size;
  }
  key(at: number): string | null {
    return [...this.kept.keys()][at] ?? null;
  }
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

test("drafts outlive the page, by agent and conversation, and end with signing out", () => {
  const shelf = new MapShelf();
  new Drafts("sam", shelf).set("1", { kind: "reply", text: "half a sen" });
  new Drafts("sam", shelf).set("2", { kind: "note", text: "note: ask Kim" });
  new Drafts("kim", shelf).set("1", { kind: "reply", text: "Kim's" });
  const again = new Drafts("sam", shelf);
  assert.deepEqual(again.get("1"), { kind: "reply", text: "half a sen" });
  assert.deepEqual(again.get("2"), { kind: "note", text: "note: ask Kim" });
  assert.deepEqual(again.get("3"), { kind: "reply", text: "" });
  again.set("1", { kind: "reply", text: " " });
  assert.equal(shelf.length, 2);
  again.clear();
  assert.deepEqual(new Drafts("kim", shelf).get("1").text, "Kim's");
  assert.equal(shelf.length, 1);
});

test("a canned reply is filled in with what is known, and what is not known is seen", () => {
  const text = filled("Hello {customer_name}, order {order_number} is with {agent_name}.", {
    customer_name: null,
    order_number: 7,
    agent_name: "Sam",
  });
  assert.equal(text, "Hello {customer_name}, order 7 is with Sam.");
  assert.deepEqual(unfilled(text), ["{customer_name}"]);
  assert.deepEqual(unfilled("a { b } {}"), []);
});

test("a list opens after a slash or an at sign that begins a word, never inside one", () => {
  assert.deepEqual(openMark("/he", 3), { mark: "/", typed: "he", from: 0 });
  assert.deepEqual(openMark("ask @Kí", 7), { mark: "@", typed: "Kí", from: 4 });
  assert.equal(openMark("and/or", 6), null);
  assert.equal(openMark("sam@example.com", 15), null);
  assert.equal(openMark("/he llo", 7), null);
});

test("names from the machinery read as words", () => {
  assert.equal(readable("book_technician_form"), "Book technician");
  assert.equal(readable("action_track_order"), "Track order");
  assert.equal(readable("store-hours"), "Store hours");
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}
