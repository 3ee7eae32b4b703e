// Builds the pages into bot/gateway/web/built/, which is committed: who runs Warmline needs no Node.
// --test bundles and runs the tests, --prove-current builds elsewhere and compares bytes, --watch keeps building.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { parse } from "yaml";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "../bot/gateway/web/built");
const target = ["chrome109", "firefox115", "safari16.4"]; // the oldest that have constructable style sheets and <dialog>
const pages = ["chat.html", "desk.html", "docs.html", "favicon.svg"];
// Apache-2.0; served from here so that /docs works without a network.
const swagger = ["swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"];

/** @returns {import("esbuild").BuildOptions} */
function options(outdir) {
  return {
    absWorkingDir: here,
    entryPoints: {
      widget: "widget/index.ts",
      desk: "desk/index.ts",
      "desk-style": "desk/desk.css",
      docs: "pages/docs.ts",
    },
    outdir,
    bundle: true,
    minify: true,
    format: "iife",
    charset: "utf8",
    legalComments: "none",
    target,
    // The widget carries its own styles; the pages link theirs.
    loader: { ".shadow.css": "text" },
    plugins: [shadowStyles],
    logLevel: "warning",
  };
}

/** `*.shadow.css` is imported as minified text, for a shadow root. */
const shadowStyles = {
  name: "shadow-styles",
  setup(build) {
    build.onLoad({ filter: /\.shadow\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target });
      return { contents: code, loader: "text", watchFiles: [path] };
    });
  },
};

// The widget's words in English are built in; other languages come from the gateway, which reads the same catalogue.
const catalogue = join(here, "../bot/wording/catalogue/en.yml");
const english = join(here, "widget/english.json");

function widgetsEnglish() {
  const prefix = "widget.";
  const texts = Object.entries(parse(readFileSync(catalogue, "utf8"))).filter(([key]) => key.startsWith(prefix));
  const own = Object.fromEntries(texts.map(([key, text]) => [key.slice(prefix.length), text]));
  return `${JSON.stringify(own, null, 2)}\n`;
}

async function build(outdir) {
  mkdirSync(outdir, { recursive: true });
  await esbuild.build(options(outdir));
  for (const page of pages) copyFileSync(join(here, "pages", page), join(outdir, page));
  for (const name of swagger) {
    const named = name.startsWith("swagger-ui") ? name : `swagger-ui-${name}.txt`;
    copyFileSync(join(here, "node_modules/swagger-ui-dist", name), join(outdir, named));
  }
}

async function proveCurrent() {
  const fresh = mkdtempSync(join(tmpdir(), "warmline-web-"));
  try {
    await build(fresh);
    const names = new Set([...readdirSync(fresh), ...readdirSync(built)]);
    if (readFileSync(english, "utf8") !== widgetsEnglish()) {
      console.error("widget/english.json is not what bot/wording says: run `npm run build` and commit what it writes.");
      return 1;
    }
    const stale = [...names].filter((name) => {
      try {
        return !readFileSync(join(fresh, name)).equals(readFileSync(join(built, name)));
      } catch {
        return true;
      }
    });
    if (stale.length > 0) {
      console.error(`built/ is out of date (${stale.join(", ")}): run \`npm run build\` and commit what it writes.`);
      return 1;
    }
    console.log(`built/ is current: ${names.size} files.`);
    return 0;
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

async function test() {
  const bundles = mkdtempSync(join(tmpdir(), "warmline-web-tests-"));
  try {
    const tests = readdirSync(join(here, "tests")).filter((name) => name.endsWith(".test.ts"));
    await esbuild.build({
      absWorkingDir: here,
      entryPoints: tests.map((name) => `tests/${name}`),
      outdir: bundles,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      sourcemap: "inline",
      logLevel: "warning",
    });
    const files = readdirSync(bundles).map((name) => join(bundles, name));
    const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
    return run.status ?? 1;
  } finally {
    rmSync(bundles, { recursive: true });
  }
}

async function watch() {
  writeFileSync(english, widgetsEnglish());
  const context = await esbuild.context({ ...options(built), logLevel: "info" });
  await build(built);
  await context.watch();
}

const [mode] = process.argv.slice(2);
if (mode === "--test") process.exitCode = await test();
else if (mode === "--prove-current") process.exitCode = await proveCurrent();
else if (mode === "--watch") await watch();
else {
  writeFileSync(english, widgetsEnglish());
  await build(built);
}
