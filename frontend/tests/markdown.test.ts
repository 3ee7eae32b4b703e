/** D16, kind 5: what an author's signs mean is shown, the signs are not, and nothing hostile comes of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Block, type Inline, readInline, readMarkdown } from "../shared/markdown";

function flat(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if (part.kind === "text") return part.text;
      const inside = flat(part.inside);
      if (part.kind === "link") return `<a ${part.href}>${inside}</a>`;
      return part.kind === "bold" ? `<b>${inside}</b>` : `<i>${inside}</i>`;
    })
    .join("");
}

function shape(block: Block): unknown {
  switch (block.kind) {
    case "paragraph":
      return flat(block.words);
    case "heading":
      return { h: flat(block.words) };
    case "quote":
      return { q: block.blocks.map(shape) };
    case "list":
      return {
        [block.start === null ? "ul" : `ol${block.start}`]: block.items.map((item) =>
          item.below.length > 0 ? [flat(item.words), ...item.below.map(shape)] : flat(item.words),
        ),
      };
    case "table":
      return [block.head, ...block.rows].map((row) => row.map((cell) => flat(cell.words)));
  }
}

const read = (text: string): unknown[] => readMarkdown(text).map(shape);

test("a table is rows and cells, with and without its outer strokes", () => {
  const table = [
    ["Service", "Price"],
    ["Call-out", "£79"],
    ["Hour", "£<b>48</b>"],
  ];
  assert.deepEqual(read("| Service | Price |\n|---|---:|\n| Call-out | £79 |\n| Hour | £**48** |"), [table]);
  assert.deepEqual(read("Service | Price\n--- | ---\nCall-out | £79\nHour | £**48**"), [table]);
  const [block] = readMarkdown("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |");
  assert.deepEqual(block?.kind === "table" && block.head.map(({ align }) => align), ["start", "center", "end"]);
});

test("cells that are missing are empty, cells too many are left out, and a stroke can be escaped", () => {
  assert.deepEqual(read("| a | b |\n|--|--|\n| 1 |\n| 1 | 2 | 3 |\n| x \\| y | z |"), [
    [
      ["a", "b"],
      ["1", ""],
      ["1", "2"],
      ["x | y", "z"],
    ],
  ]);
});

test("a table between paragraphs begins and ends where its rows do", () => {
  assert.deepEqual(read("Prices:\n| a | b |\n|--|--|\n| 1 | 2 |\nAll with VAT."), [
    "Prices:",
    [
      ["a", "b"],
      ["1", "2"],
    ],
    "All with VAT.",
  ]);
});

test("what only looks like a table stays text", () => {
  assert.deepEqual(read("Yes | No\nmaybe"), ["Yes | No\nmaybe"]);
  assert.deepEqual(read("a | b\n---"), ["a | b\n---"]);
});

test("lists, numbered and not, one below the other", () => {
  assert.deepEqual(read("Check:\n- the filter\n- the hose\n\nThen call."), [
    "Check:",
    { ul: ["the filter", "the hose"] },
    "Then call.",
  ]);
  assert.deepEqual(read("3. third\n4. fourth"), [{ ol3: ["third", "fourth"] }]);
  assert.deepEqual(read("1. Turn it off\n   - at the wall\n   - or the switch\n2. Wait"), [
    { ol1: [["Turn it off", { ul: ["at the wall", "or the switch"] }], "Wait"] },
  ]);
  assert.deepEqual(read("- one\n\n- two"), [{ ul: ["one", "two"] }]);
  assert.deepEqual(read("- a long\n  item\n- two"), [{ ul: ["a long\nitem", "two"] }]);
});

test("headings, quotes, bold, emphasis and links", () => {
  assert.deepEqual(read("### Fees ###\n> Keep the **receipt**."), [{ h: "Fees" }, { q: ["Keep the <b>receipt</b>."] }]);
  assert.equal(flat(readInline("*soon* and ***now***")), "<i>soon</i> and <b><i>now</i></b>");
  assert.equal(
    flat(readInline('[our fees](https://a.example/fees "Fees") and [b](https://a.example/x_(y))')),
    "<a https://a.example/fees>our fees</a> and <a https://a.example/x_(y)>b</a>",
  );
  assert.equal(flat(readInline("[mail](mailto:a@b.example)")), "<a mailto:a@b.example>mail</a>");
});

test("signs that mean nothing stay as they are", () => {
  for (const text of [
    "2*3*4 = 24",
    "5 * 6 * 7",
    "*",
    "**",
    "** a **",
    "a_b_c",
    "[x]",
    "[x] (y)",
    "#1 choice",
    "1.5 l",
  ]) {
    assert.equal(flat(readInline(text)), text);
    assert.deepEqual(read(text), [text]);
  }
  assert.equal(flat(readInline("\\*not\\* bold")), "*not* bold");
});

test("a link that leads anywhere but to the web, a mail or a telephone is only its words", () => {
  for (const address of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "manuals.md",
    "//evil.example",
    "https://larkfield.example@evil.example/",
    "vbscript:x",
    "mailto:a@b.example?bcc=c@d.example",
    "",
  ]) {
    assert.equal(flat(readInline(`see [here](${address})`)).includes("<a"), false, address);
    assert.match(flat(readInline(`see [here](${address})`)), /^see (here|\[here)/);
  }
});

test("HTML is text, and a picture is its description", () => {
  assert.deepEqual(read("<b onclick=x>hi</b> <script>alert(1)</script>"), [
    "<b onclick=x>hi</b> <script>alert(1)</script>",
  ]);
  assert.equal(flat(readInline("![a hose](https://a.example/x.png)")), "a hose");
});

test("hostile texts are read in steps that grow with their length", () => {
  const many = 20_000;
  for (const piece of [
    "*a ",
    "**a ",
    "[",
    "[a](",
    "> ",
    "- ",
    "| ",
    "\\",
    "*a* ",
    "***",
    "  - x\n",
    "1. ",
    "a|b\n-|-\n",
  ]) {
    // Would take minutes if it were quadratic: the test's own patience is the bound.
    assert.ok(readMarkdown(piece.repeat(many)).length > 0);
  }
});
