/** What the visitor sees: each message once, in order, whatever order the network delivers in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message, State } from "../widget/protocol";
import type { Pending } from "../widget/storage";
import { openChoices, Timeline } from "../widget/timeline";

function message(seq: number, author: Message["author"], text: string, more: Partial<Message> = {}): Message {
  const rest = { author_name: null, choices: [], citation: null, client_seq: null };
  return { seq, at: "2026-11-22T10:00:00Z", author, text, ...rest, ...more };
}

function state(seq: number, owner: State["owner"], more: Partial<State> = {}): State {
  return { seq, at: "2026-11-22T10:00:00Z", owner, agent_name: null, position: null, ...more };
}

function pending(id: string, text: string, clientSeq: number | null): Pending {
  return { id, body: { text }, at: "2026-11-22T10:00:00Z", clientSeq, attempts: 0 };
}

const texts = (timeline: Timeline, waiting: Pending[] = [], greeting = ""): string[] =>
  timeline.items(waiting, greeting).map(({ text }) => text);

test("messages stand in the order of their numbers, each once", () => {
  const timeline = new Timeline();
  for (const seq of [3, 1, 2, 3, 1]) timeline.addMessage(message(seq, "bot", `m${seq}`));
  assert.deepEqual(texts(timeline), ["m1", "m2", "m3"]);
});

test("a message that came back after a reconnect is no news", () => {
  const timeline = new Timeline();
  assert.equal(timeline.addMessage(message(1, "bot", "a")), true);
  assert.equal(timeline.addMessage(message(1, "bot", "a")), false);
});

test("what is on its way stands last, and is not shown twice once its event is here", () => {
  const timeline = new Timeline();
  timeline.addMessage(message(1, "bot", "Hello"));
  const own = pending("p1", "Where is my order?", 1);
  assert.deepEqual(texts(timeline, [own]), ["Hello", "Where is my order?"]);
  timeline.addMessage(message(2, "customer", "Where is my order?", { client_seq: 1 }));
  timeline.addMessage(message(3, "bot", "On its way"));
  assert.deepEqual(texts(timeline, [own]), ["Hello", "Where is my order?", "On its way"]);
});

test("an own message keeps its place on the screen from writing to confirmation", () => {
  const timeline = new Timeline();
  const own = pending("p1", "Hi", 1);
  const written = timeline.items([own], "").at(-1)?.key;
  timeline.confirm(own, 2);
  assert.deepEqual(
    timeline.items([], "").map(({ key, text, status }) => [key, text, status]),
    [["p1", "Hi", "received"]],
  );
  timeline.addMessage(message(2, "customer", "Hi", { client_seq: 1 }));
  assert.deepEqual(
    timeline.items([], "").map(({ key }) => key),
    [written],
  );
});

test("an own message reads as the gateway kept it, without what it hid", () => {
  const timeline = new Timeline();
  const own = pending("p1", "take 4111 1111 1111 1111", 1);
  timeline.confirm(own, 2);
  timeline.addMessage(message(2, "customer", "take •••• 1111", { client_seq: 1 }));
  assert.deepEqual(
    timeline.items([own], "").map(({ key, text }) => [key, text]),
    [["p1", "take •••• 1111"]],
  );
});

test("the numbers of the desk are not mistaken for the visitor's", () => {
  const timeline = new Timeline();
  timeline.addMessage(message(1, "customer", "hi", { client_seq: 1 }));
  timeline.addMessage(message(2, "human", "hello", { client_seq: 2 }));
  assert.equal(timeline.lastClientSeq, 1);
  assert.deepEqual(texts(timeline, [pending("p2", "thanks", 2)]), ["hi", "hello", "thanks"]);
});

test("the same words sent twice are two messages", () => {
  const timeline = new Timeline();
  timeline.addMessage(message(1, "customer", "hello?", { client_seq: 1 }));
  assert.deepEqual(texts(timeline, [pending("p2", "hello?", 2)]), ["hello?", "hello?"]);
});

test("the greeting stands first, unless the gateway stored it", () => {
  const timeline = new Timeline();
  timeline.addMessage(message(2, "customer", "Hi", { client_seq: 1 }));
  assert.deepEqual(texts(timeline, [], "How can I help?"), ["How can I help?", "Hi"]);
  timeline.addMessage(message(1, "bot", "How can I help?"));
  assert.deepEqual(texts(timeline, [], "How can I help?"), ["How can I help?", "Hi"]);
});

test("the state with the highest number holds, in whatever order they come", () => {
  const timeline = new Timeline();
  timeline.addState(state(5, "human", { agent_name: "Priya" }));
  timeline.addState(state(2, "queue", { position: 3 }));
  assert.equal(timeline.state?.agent_name, "Priya");
});

const choices = [{ title: "Yes", token: "t" }];

test("buttons act until the visitor says something", () => {
  const timeline = new Timeline();
  timeline.addMessage(message(1, "bot", "Really?", { choices }));
  assert.deepEqual([...openChoices(timeline.items([], ""), timeline.ownerSince)], ["s1"]);
  const waiting = [pending("p1", "no", 1)];
  assert.deepEqual([...openChoices(timeline.items(waiting, ""), timeline.ownerSince)], []);
});

test("buttons of the one who had the conversation before do not act; those of the queue's notice do", () => {
  const timeline = new Timeline();
  timeline.addMessage(message(1, "bot", "A person, then", { choices }));
  timeline.addState(state(2, "queue", { position: 2 }));
  timeline.addMessage(message(3, "system", "You are number 2", { choices }));
  timeline.addState(state(4, "queue", { position: 1 }));
  assert.deepEqual([...openChoices(timeline.items([], ""), timeline.ownerSince)], ["s3"]);
  timeline.addState(state(5, "human", { agent_name: "Priya" }));
  timeline.addMessage(message(6, "system", "Priya has joined"));
  assert.deepEqual([...openChoices(timeline.items([], ""), timeline.ownerSince)], []);
});

test("who waits in line may write and still choose to wait elsewhere", () => {
  const timeline = new Timeline();
  timeline.addState(state(1, "queue", { position: 2 }));
  timeline.addMessage(message(2, "system", "You are number 2", { choices }));
  timeline.addMessage(message(3, "customer", "it is about a fridge", { client_seq: 1 }));
  const open = (waits: boolean): string[] => [...openChoices(timeline.items([], ""), timeline.ownerSince, waits)];
  assert.deepEqual(open(true), ["s2"]);
  assert.deepEqual(open(false), []);
  timeline.addMessage(message(4, "system", "Your place is kept", { choices }));
  assert.deepEqual(open(true), ["s4"]);
  timeline.addMessage(message(5, "customer", "on the website", { client_seq: 2 }));
  timeline.addMessage(message(6, "system", "Open this link"));
  assert.deepEqual(open(true), ["s4"]);
  timeline.addState(state(7, "human", { agent_name: "Priya" }));
  assert.deepEqual(open(false), []);
});

test("only what others wrote after the last look is unread", () => {
  const timeline = new Timeline();
  timeline.addMessage(message(1, "bot", "a"));
  timeline.addMessage(message(2, "customer", "b", { client_seq: 1 }));
  timeline.addMessage(message(3, "human", "c"));
  assert.equal(timeline.unread(1), 1);
});

test("a thumb is what the gateway said last, and no message has one that nobody is asked about", () => {
  const timeline = new Timeline();
  timeline.addMessage(message(1, "customer", "open?", { client_seq: 1, rating: null }));
  timeline.addMessage(message(2, "bot", "11am", { rating: "up" }));
  timeline.rate(2, "down");
  timeline.rate(9, "up");
  assert.deepEqual(
    timeline.items([], "Hello").map(({ rating }) => rating ?? null),
    [null, null, "down"],
  );
  assert.equal(timeline.ratingOf(2), "down");
});

test("D16: only the assistant's words are markup, and only where the gateway says so", () => {
  const citation = { title: "Fees", heading: null, url: null };
  const structured = { format: "markdown", formatted: "**a**" } as const;
  const formats = [
    message(1, "bot", "a", { ...structured, citation }),
    message(2, "bot", "**a**", { citation }),
    message(3, "bot", "a", structured),
    message(4, "bot", "**a**", { citation, format: "plain" }),
    message(5, "customer", "**a**", structured),
    message(6, "human", "**a**", { ...structured, citation }),
    message(7, "system", "**a**", structured),
  ];
  const timeline = new Timeline();
  for (const one of formats) timeline.addMessage(one);
  assert.deepEqual(
    timeline.items([], "").map(({ format }) => format ?? null),
    ["markdown", null, "markdown", null, null, null, null],
  );
});
