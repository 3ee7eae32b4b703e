/** Links in people's words: useful ones become links, hostile ones stay text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkify, safeHref } from "../shared/linkify";

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

test("D21: mail and web addresses without a scheme and telephone numbers are links", () => {
  assert.deepEqual(links("Write to help@larkfield.example."), ["mailto:help@larkfield.example"]);
  assert.deepEqual(links("(mailto:first.last+x@shop.co.uk)"), ["mailto:first.last%2Bx@shop.co.uk"]);
  assert.deepEqual(links("see www.larkfield.example/returns, please"), ["https://www.larkfield.example/returns"]);
  assert.deepEqual(links("WWW.Larkfield.example"), ["https://www.larkfield.example/"]);
  assert.deepEqual(links("Call 0808 157 0140."), ["tel:08081570140"]);
  assert.deepEqual(links("+44 20 7946 0958 or (020) 7946 0958 or 020-7946-0958"), [
    "tel:+442079460958",
    "tel:02079460958",
    "tel:02079460958",
  ]);
  assert.deepEqual(links("+44 (0)20 7946 0958"), ["tel:+442079460958"]);
  assert.deepEqual(links("08081570140"), ["tel:08081570140"]);
});

test("D21: other numbers and names stay text", () => {
  for (const text of [
    "LF-1000017",
    "LF-0808 157 0140",
    "0123456789",
    "4929 1234 5678 9012",
    "0000 0000 0000 0000",
    "on 01-02-2026 at 08.30",
    "2026-11-28T10:00:00",
    "£0800 111 222 33",
    "0808 157 0140 22 33 44",
    "08/11/2026 0900",
    "ISBN 0-306-40615-2",
    "192.168.100.101",
    "larkfield.example",
    "help@larkfield",
    "@larkfield",
    "a@b@c.example",
    "ftp://user:secret@host.example/",
    "evilwww.a.example",
    "www.",
    "www.a",
  ]) {
    assert.deepEqual(links(text), [], text);
  }
});

test("only http, https, mailto and tel become links", () => {
  for (const text of [
    "javascript:alert(1)",
    "JAVASCRIPT://a.example/%0Aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://a.example",
    "//a.example/x",
    "javascript:help@a.example",
    "mailto:a@b.example?bcc=x",
    "blob:https://a.example/1",
  ]) {
    assert.ok(!links(text).some((href) => !/^(https?:|mailto:[^?&]+$|tel:\+?\d+$)/.test(href)), text);
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
  const text = `https://a.example/${").".repeat(900)} ${"http://".repeat(20_000)}${"0 ".repeat(20_000)}${"a.".repeat(20_000)}@${"www.".repeat(20_000)}`;
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
