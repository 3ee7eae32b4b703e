/** The widget says its words in the page's language, and in English what a language lacks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { localeOf, textsOf } from "../widget/texts";

const english = textsOf({ language: "en", direction: "ltr", texts: {} });
const wait = { p50_minutes: 4, p90_minutes: 9, too_wide: false };

test("what a language lacks is said in English", () => {
  const german = textsOf({ language: "de", direction: "ltr", texts: { send: "Senden" } });
  assert.equal(german.send, "Senden");
  assert.equal(german.close, english.close);
});

test("a language's own plural forms are used", () => {
  const unread = {
    one: "رسالة جديدة واحدة",
    two: "رسالتان جديدتان",
    few: "{count} رسائل جديدة",
    other: "{count} رسالة جديدة",
  };
  const arabic = textsOf({ language: "ar", direction: "rtl", texts: { unread } });
  assert.deepEqual(
    [1, 2, 3, 11].map((count) => arabic.unread(count)),
    ["رسالة جديدة واحدة", "رسالتان جديدتان", "3 رسائل جديدة", "11 رسالة جديدة"],
  );
  assert.deepEqual([english.unread(1), english.unread(2)], ["1 new message", "2 new messages"]);
});

test("a name inside a sentence from right to left keeps its own direction", () => {
  const arabic = textsOf({ language: "ar", direction: "rtl", texts: { human: "تتحدث إلى {agent}" } });
  assert.equal(arabic.human("Sam"), "تتحدث إلى \u2068Sam\u2069");
});

test("a place in the queue is said with the waiting time that is known", () => {
  assert.equal(english.queue(null, null), "Waiting for a person");
  assert.equal(english.queue(1, null), "Waiting for a person\nYou are next");
  assert.equal(
    english.queue(3, wait),
    "Waiting for a person\nNumber 3 in the queue, about 4 min, unlikely to be more than 9",
  );
  assert.match(english.queue(1, { ...wait, too_wide: true }), /hard to say how long, maybe over 9 min$/);
});

test("what stands in a value is never taken for a placeholder", () => {
  assert.equal(english.human("{agent} $& $1"), "Talking to {agent} $& $1");
});

test("a page's language tag is cut to what the gateway knows", () => {
  assert.deepEqual(["de-DE-u-co-phonebk", "pt_BR", "", "x"].map(localeOf), [
    "de-DE-co".slice(0, 5),
    "pt_BR",
    "en",
    "en",
  ]);
});
