/** The parser of server-sent events, against the format's own rules. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SseParser } from "../shared/sse";

const STREAM = 'id: 7\nevent: message\ndata: {"text":"Grüße 👋"}\n\n: still here\n\nevent: typing\ndata: {}\n\n';

function all(pieces: Iterable<string>): unknown[] {
  const parser = new SseParser();
  return [...pieces].flatMap((piece) => parser.push(piece));
}

test("an event has its name, its data and its number; a comment is none", () => {
  assert.deepEqual(all([STREAM]), [
    { name: "message", data: '{"text":"Grüße 👋"}', id: "7" },
    { name: "typing", data: "{}", id: null },
  ]);
});

test("it makes no difference where the network cuts the stream", () => {
  const whole = all([STREAM]);
  for (let at = 1; at < STREAM.length; at++) {
    assert.deepEqual(all([STREAM.slice(0, at), STREAM.slice(at)]), whole, `cut at ${at}`);
  }
  assert.deepEqual(all(STREAM), whole);
});

test("lines may end in any of the three ways, also when a cut parts CR from LF", () => {
  const whole = all([STREAM]);
  for (const end of ["\r\n", "\r"]) {
    // A lone CR at the very end could be half of a CRLF, so the last event waits for one more character.
    const text = `${STREAM.replaceAll("\n", end)}:`;
    assert.deepEqual(all([text]), whole);
    assert.deepEqual(all(text), whole);
  }
});

test("several data lines are one text; an event without data is none", () => {
  assert.deepEqual(all(["data: a\ndata:  b\ndata\n\nevent: empty\nid: 3\n\ndata:c\n\n"]), [
    { name: "message", data: "a\n b\n", id: null },
    { name: "message", data: "c", id: null },
  ]);
});

test("a byte order mark at the start and an unknown field are passed over", () => {
  assert.deepEqual(all(["\uFEFFretry: 5\ncolour: red\ndata: x\n\n"]), [{ name: "message", data: "x", id: null }]);
});
