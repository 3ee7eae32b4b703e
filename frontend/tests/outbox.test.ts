/** The visitor's messages reach the gateway once, in order, through losses, reloads and a second tab. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, NetworkError } from "../shared/api";
import { Outbox, type OutboxOptions } from "../widget/outbox";
import type { Outgoing } from "../widget/protocol";
import { NOTHING, parse, type Remembered, type Storage } from "../widget/storage";
import { Timeline } from "../widget/timeline";

class Memory implements Storage {
  text = JSON.stringify({ ...NOTHING, conversationId: "c1", token: "t" });
  read(): Remembered {
    return parse(this.text);
  }
  write(value: Remembered): void {
    this.text = JSON.stringify(value);
  }
}

/** Keeps the contract of the website channel: numbers without gaps, the same number again changes nothing. */
class Gateway {
  readonly stored: string[] = [];
  conversationId = "c1";
  /** What happens to the next requests, before or after the message is stored. */
  readonly troubles: ("lost before" | "lost after" | ApiError)[] = [];

  post = async ({ conversationId }: Remembered, clientSeq: number, body: Outgoing): Promise<{ seq: number }> => {
    const trouble = this.troubles.shift();
    if (trouble === "lost before") throw new NetworkError("lost");
    if (trouble instanceof ApiError) throw trouble;
    if (conversationId !== this.conversationId) throw new ApiError(404, "unknown_conversation", "unknown");
    if (clientSeq > this.stored.length + 1) throw new ApiError(409, "gap", "gap");
    const words = "text" in body ? body.text : `[${body.title}]`;
    if (clientSeq === this.stored.length + 1) this.stored.push(words);
    if (this.stored[clientSeq - 1] !== words) throw new ApiError(409, "number_taken", "taken");
    if (trouble === "lost after") throw new NetworkError("lost");
    return { seq: clientSeq * 10 };
  };
}

interface Bench {
  readonly outbox: Outbox;
  readonly gateway: Gateway;
  readonly storage: Memory;
  readonly pauses: number[];
}

/** One chain of work over all tabs, as the browser's locks give it. */
function oneAtATime(): OutboxOptions["alone"] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

function bench(
  shared: Partial<Bench> & { alone?: OutboxOptions["alone"] } = {},
  more: Partial<OutboxOptions> = {},
): Bench {
  const { gateway = new Gateway(), storage = new Memory(), pauses = [] } = shared;
  let ids = Math.floor(Math.random() * 1e9);
  const outbox = new Outbox({
    storage,
    post: gateway.post,
    alone: shared.alone ?? oneAtATime(),
    wait: async (milliseconds) => void pauses.push(milliseconds),
    onChange: () => undefined,
    onConfirmed: () => undefined,
    arrived: () => 0,
    onUnknown: async () => undefined,
    newId: () => `id${ids++}`,
    ...more,
  });
  return { outbox, gateway, storage, pauses };
}

test("messages go out in the order in which they were written", async () => {
  const { outbox, gateway } = bench();
  for (const text of ["a", "b", "c"]) outbox.add({ text });
  await outbox.drain();
  await settled();
  assert.deepEqual(gateway.stored, ["a", "b", "c"]);
  assert.deepEqual(outbox.pending, []);
});

test("a message whose answer was lost is repeated under its number and stored once", async () => {
  const { outbox, gateway, pauses } = bench();
  gateway.troubles.push("lost after", "lost before", "lost before");
  outbox.add({ text: "a" });
  outbox.add({ text: "b" });
  await settled();
  assert.deepEqual(gateway.stored, ["a", "b"]);
  assert.equal(pauses.length, 3);
});

test("a busy gateway's wish for a pause is followed", async () => {
  const { outbox, gateway, pauses } = bench();
  gateway.troubles.push(new ApiError(503, "unavailable", "later", 5000));
  outbox.add({ text: "a" });
  await settled();
  assert.deepEqual(pauses, [5000]);
  assert.deepEqual(gateway.stored, ["a"]);
});

test("what was too much at once is kept, said so, and sent when the gateway takes more", async () => {
  let open = (): void => undefined;
  const pauses: number[] = [];
  const wait = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    return new Promise((resolve) => {
      open = resolve;
    });
  };
  const { outbox, gateway } = bench({}, { wait });
  gateway.troubles.push(new ApiError(429, "too_many", "That was a lot at once.", 4000));
  outbox.add({ text: "a" });
  await settled();
  assert.deepEqual(pauses, [4000]);
  assert.deepEqual(gateway.stored, []);
  assert.deepEqual(
    outbox.pending.map(({ body, slowed, refused }) => [body, slowed, refused]),
    [[{ text: "a" }, true, undefined]],
  );
  const shown = new Timeline().items(outbox.pending, "");
  assert.deepEqual(
    shown.map(({ status }) => status),
    ["slowed"],
  );
  open();
  await settled();
  assert.deepEqual(gateway.stored, ["a"]);
});

test("words whose number has been given to others take the next one", async () => {
  const { outbox, gateway } = bench();
  gateway.stored.push("from another browser");
  outbox.add({ text: "mine" });
  await settled();
  assert.deepEqual(gateway.stored, ["from another browser", "mine"]);
});

test("a reload goes on with what was not sent, under the same number", async () => {
  let offline = true;
  const first = bench({}, { wait: () => (offline ? new Promise(() => undefined) : Promise.resolve()) });
  first.gateway.troubles.push("lost after");
  first.outbox.add({ text: "a" });
  first.outbox.add({ text: "b" });
  await settled();
  assert.deepEqual(first.gateway.stored, ["a"]);
  offline = false;
  const second = bench({ gateway: first.gateway, storage: first.storage });
  assert.equal(second.outbox.pending.length, 2);
  await second.outbox.drain();
  assert.deepEqual(first.gateway.stored, ["a", "b"]);
});

test("two tabs send everything once and leave no gap", async () => {
  const alone = oneAtATime();
  const one = bench({ alone });
  const two = bench({ alone, gateway: one.gateway, storage: one.storage });
  one.gateway.troubles.push("lost before", "lost after");
  one.outbox.add({ text: "from one" });
  two.outbox.add({ text: "from two" });
  await settled();
  assert.deepEqual(one.gateway.stored, ["from one", "from two"]);
});

test("a message that the gateway refuses is kept and shown, and does not hold up the next", async () => {
  const { outbox, gateway } = bench();
  gateway.troubles.push(new ApiError(400, "unknown_choice", "That button is no longer there."));
  outbox.add({ choice: "token", title: "Yes" });
  outbox.add({ text: "b" });
  await settled();
  assert.deepEqual(gateway.stored, ["b"]);
  assert.deepEqual(
    outbox.pending.map(({ refused }) => refused),
    ["That button is no longer there."],
  );
  outbox.remove(outbox.pending[0]?.id as string);
  assert.deepEqual(outbox.pending, []);
});

test("after a gap it takes the number after the last that arrived", async () => {
  const { outbox, gateway, storage } = bench({}, { arrived: () => 2 });
  gateway.stored.push("old 1", "old 2");
  storage.write({ ...storage.read(), lastClientSeq: 8 });
  outbox.add({ text: "new" });
  await settled();
  assert.deepEqual(gateway.stored, ["old 1", "old 2", "new"]);
});

test("what is written before there is a conversation waits for it", async () => {
  const storage = new Memory();
  storage.write(NOTHING);
  const onUnknown = async (): Promise<void> => storage.write({ ...storage.read(), conversationId: "c1", token: "t" });
  const { outbox, gateway } = bench({ storage }, { onUnknown });
  outbox.add({ text: "early" });
  await settled();
  assert.deepEqual(gateway.stored, ["early"]);
});

test("when the conversation is unknown, the words go into the new one", async () => {
  const storage = new Memory();
  const asked: string[] = [];
  const onUnknown = async (id: string): Promise<void> => {
    asked.push(id);
    const words = storage.read().pending.map((one) => ({ ...one, clientSeq: null }));
    storage.write({ ...NOTHING, conversationId: "c2", token: "t", pending: words });
  };
  const { outbox, gateway } = bench({ storage }, { onUnknown });
  gateway.conversationId = "c2";
  storage.write({ ...storage.read(), lastClientSeq: 4 });
  outbox.add({ text: "still there?" });
  await settled();
  assert.deepEqual(asked, ["c1"]);
  assert.deepEqual(gateway.stored, ["still there?"]);
});

test("a storage that others wrote into counts as empty", () => {
  for (const text of [null, "", "{", "null", "[]", '"x"', '{"conversationId": 5, "token": "t"}']) {
    assert.equal(parse(text), NOTHING);
  }
  const odd = parse('{"conversationId": "c", "token": "t", "lastClientSeq": "9", "pending": [null, {"id": 1}, {}]}');
  assert.deepEqual(odd, { ...NOTHING, conversationId: "c", token: "t" });
});

/** Lets everything that has been started come to rest. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}
