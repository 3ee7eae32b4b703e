/** The desk's lists and the open ticket's story. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Board } from "../src/desk/board";
import { readable } from "../src/desk/names";
import type { Entry, Ticket, TicketDetail } from "../src/desk/protocol";
import { Story } from "../src/desk/story";
import { ApiError, NetworkError } from "../src/shared/api";
import { age } from "../src/shared/clock";

function ticket(id: string, state: Ticket["state"], more: Partial<Ticket> = {}): Ticket {
  const rest = { reason: { code: "customer_request", text: "" }, summary: "", customer_name: null, channel: "web" };
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

test("each ticket stands in one list; who waits longest stands first", () => {
  const board = new Board("me");
  board.hear(ticket("2", "queued"));
  board.hear(ticket("1", "queued"));
  board.hear(ticket("3", "accepted", { agent: { id: "me", name: "Me" } }));
  board.hear(ticket("4", "accepted", { agent: { id: "other", name: "Other" } }));
  board.hear(ticket("5", "abandoned"));
  assert.deepEqual(ids(board.list("waiting")), ["1", "2"]);
  assert.deepEqual(ids(board.list("mine")), ["3"]);
  assert.deepEqual(ids(board.list("team")), ["4"]);
  assert.deepEqual(ids(board.list("closed")), ["5"]);
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

function story(post: (clientSeq: number, text: string) => Promise<{ seq: number }>): Story {
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

test("a reply is repeated under its number until the gateway has it", async () => {
  const numbers: number[] = [];
  const one = story(async (clientSeq) => {
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

test("names from the machinery read as words", () => {
  assert.equal(readable("book_technician_form"), "Book technician");
  assert.equal(readable("action_track_order"), "Track order");
  assert.equal(readable("store-hours"), "Store hours");
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}
