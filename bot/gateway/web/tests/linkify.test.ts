/** Links in people's words: useful ones become links, hostile ones stay text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkify, safeHref } from "../src/shared/linkify";

function links(text: string): string[] {
  return linkify(text).flatMap(({ href }) => (href === null ? [] : [href]));
}

test("every character of the text is kept, in order", () => {
  for (const text of [
    "plain",
    "",
    "see https://a.example/x, or (http://b.example/y).",
    "https://a.example/<script>alert(1)</script>",
    "javascript:alert(1) https://user:pw@evil.example/ \u202Ehttps://x.example",
  ]) {
    const parts = linkify(text);
    assert.equal(parts.map((part) => part.text).join(""), text);
  }
});

test("addresses lose the punctuation of the sentence around them", () => {
  assert.deepEqual(links("Look at https://a.example/help."), ["https://a.example/help"]);
  assert.deepEqual(links("(see http://a.example/x?y=1&z=2)!"), ["http://a.example/x?y=1&z=2"]);
  assert.deepEqual(links("https://a.example/wiki/Oven_(gas)"), ["https://a.example/wiki/Oven_(gas)"]);
  assert.deepEqual(links("https://a.example, https://b.example"), ["https://a.example/", "https://b.example/"]);
});

test("only http and https become links", () => {
  for (const text of [
    "javascript:alert(1)",
    "JAVASCRIPT://a.example/%0Aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://a.example",
    "//a.example/x",
    "www.a.example",
    "mailto:a@b.example",
    "blob:https://a.example/1",
  ]) {
    assert.ok(!links(text).some((href) => !/^https?:/.test(href)), text);
  }
  assert.deepEqual(links("javascript:alert('x')"), []);
});

test("an address that pretends to be another one stays text", () => {
  assert.deepEqual(links("https://larkfield.example@evil.example/"), []);
  assert.deepEqual(links("https://user:secret@evil.example/"), []);
  // Direction marks turn the text around on the screen: the address ends where they begin.
  assert.deepEqual(links("https://a.example/\u202Egnp.exe"), ["https://a.example/"]);
  assert.deepEqual(links("https://a.exam\u200Bple/"), ["https://a.exam/"]);
});

test("markup cannot enter an address", () => {
  assert.deepEqual(links('https://a.example/"onmouseover="alert(1)'), ["https://a.example/"]);
  assert.deepEqual(links("https://a.example/'><img src=x>"), ["https://a.example/"]);
  assert.deepEqual(links("https://a.example/\\evil"), ["https://a.example/"]);
  assert.deepEqual(links("https://a.example/\nhttps://b.example/"), ["https://a.example/", "https://b.example/"]);
});

test("letters of other scripts in a host are shown to the browser in their plain form", () => {
  assert.deepEqual(links("https://lаrkfield.example/"), ["https://xn--lrkfield-16g.example/"]);
});

test("absurdly long or broken addresses stay text", () => {
  assert.deepEqual(links(`https://a.example/${"x".repeat(3000)}`), []);
  assert.deepEqual(links("https:// https://% http://[::1"), []);
});

test("long text without an end is read in linear time", () => {
  const text = `https://a.example/${").".repeat(900)} ${"http://".repeat(20_000)}`;
  const start = performance.now();
  assert.equal(
    linkify(text)
      .map((part) => part.text)
      .join(""),
    text,
  );
  assert.ok(performance.now() - start < 1000);
});

test("a citation's address passes the same check", () => {
  assert.equal(safeHref("https://help.larkfield.example/store-hours"), "https://help.larkfield.example/store-hours");
  assert.equal(safeHref("javascript:alert(1)"), null);
  assert.equal(safeHref("not an address"), null);
});
