/** W6, kind 9: days as the reader's calendar has them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayName } from "../shared/clock";

const NEAR = { today: "Today", yesterday: "Yesterday" };

function named(zone: string, at: string, now: string): string {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    return dayName(at, new Date(now), NEAR, "en-GB");
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

test("today and yesterday are the reader's own, not the gateway's", () => {
  // Half past eleven in the evening in London is already the next day in Berlin.
  assert.equal(named("Europe/London", "2026-11-27T23:30:00Z", "2026-11-28T10:00:00Z"), "Yesterday");
  assert.equal(named("Europe/Berlin", "2026-11-27T23:30:00Z", "2026-11-28T10:00:00Z"), "Today");
});

test("older days have their weekday and date, and their year when it is another one", () => {
  assert.equal(named("UTC", "2026-11-26T10:00:00Z", "2026-11-28T10:00:00Z"), "Thursday 26 November");
  assert.match(named("UTC", "2025-12-31T10:00:00Z", "2026-01-02T10:00:00Z"), /^Wednesday,? 31 December 2025$/);
  assert.equal(named("UTC", "2025-12-31T10:00:00Z", "2026-01-01T00:30:00Z"), "Yesterday");
});

test("a day with a change of the clock is still one day", () => {
  // 29 March 2026 has 23 hours in London, 25 October has 25.
  assert.equal(named("Europe/London", "2026-03-28T23:30:00Z", "2026-03-29T22:30:00Z"), "Yesterday");
  assert.equal(named("Europe/London", "2026-10-24T22:45:00Z", "2026-10-25T23:30:00Z"), "Yesterday");
});

test("what is no moment has no day", () => {
  assert.equal(dayName("", new Date(), NEAR), "");
  assert.equal(dayName("soon", new Date(), NEAR), "");
});
