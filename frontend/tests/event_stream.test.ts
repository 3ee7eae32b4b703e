/** The stream comes back by itself and goes on where it was. A small real HTTP server plays the gateway. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { ApiError } from "../shared/api";
import { EventStream, type Line, type StreamOptions } from "../shared/event_stream";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface Played {
  readonly asked: string[];
  readonly tokens: (string | undefined)[];
  readonly data: string[];
  readonly lines: Line[];
  readonly pauses: number[];
  readonly refused: ApiError[];
}

/** Gives each connection the next answer, the last one again and again, until `enough` is true. */
async function play(
  answers: Answer[],
  enough: (played: Played) => boolean,
  options: Partial<StreamOptions> = {},
): Promise<Played> {
  const played: Played = { asked: [], tokens: [], data: [], lines: [], pauses: [], refused: [] };
  const server = createServer((request, response) => {
    played.asked.push(request.url ?? "");
    played.tokens.push(request.headers.authorization);
    const answer = answers[Math.min(played.asked.length, answers.length) - 1] as Answer;
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done, fail) => {
    const check = (): void => {
      if (enough(played)) finish();
    };
    const tooLong = setTimeout(() => finish(new Error(`not enough: ${JSON.stringify(played)}`)), 5_000);
    const finish = (error?: Error): void => {
      clearTimeout(tooLong);
      stream.stop();
      if (error) fail(error);
      else done();
    };
    const stream = new EventStream({
      url: (after) => `http://127.0.0.1:${port}/events?after=${after}`,
      after: 0,
      headers: () => ({ Authorization: "Bearer secret" }),
      onEvent: ({ data }) => {
        played.data.push(data);
        check();
      },
      onLine: (line) => {
        played.lines.push(line);
        check();
      },
      onRefused: (error) => {
        played.refused.push(error);
        check();
      },
      wait: async (milliseconds) => {
        played.pauses.push(milliseconds);
        check();
      },
      ...options,
    });
    stream.start();
  });
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  return played;
}

const open: Answer = (_request, response) => void response.writeHead(200, { "Content-Type": "text/event-stream" });
const events =
  (text: string, end = true): Answer =>
  (request, response) => {
    open(request, response);
    response.write(text);
    if (end) response.end();
  };

test("after a cut it asks for what came after the last number", async () => {
  const played = await play(
    [events("id: 1\ndata: a\n\nid: 2\ndata: b\n\n"), events("id: 3\ndata: c\n\n")],
    ({ data }) => data.length === 3,
  );
  assert.deepEqual(played.data, ["a", "b", "c"]);
  assert.deepEqual(played.asked.slice(0, 2), ["/events?after=0", "/events?after=2"]);
});

test("an event that was cut in the middle is read whole from the next connection", async () => {
  const played = await play(
    [events("id: 1\ndata: a\n\nid: 2\ndata: ha"), events("id: 2\ndata: half\n\n")],
    ({ data }) => data.length === 2,
  );
  assert.deepEqual(played.data, ["a", "half"]);
  assert.equal(played.asked[1], "/events?after=1");
});

test("the token travels in a header and never in the address", async () => {
  const played = await play([events("data: a\n\n")], ({ data }) => data.length === 1);
  assert.equal(played.tokens[0], "Bearer secret");
  assert.ok(!played.asked[0]?.includes("secret"));
});

test("a line that falls silent is given up and taken up again", async () => {
  const played = await play(
    [events("id: 4\ndata: a\n\n", false), events("id: 5\ndata: b\n\n")],
    ({ data }) => data.length === 2,
    { silence: 60 },
  );
  assert.equal(played.asked[1], "/events?after=4");
  assert.ok(played.lines.includes("lost"));
});

test("comments alone keep a line alive", async () => {
  const chatty: Answer = (request, response) => {
    open(request, response);
    let sent = 0;
    const timer = setInterval(() => {
      sent++;
      response.write(sent < 8 ? ": still here\n\n" : "data: late\n\n");
      if (sent >= 8) clearInterval(timer);
    }, 25);
  };
  const played = await play([chatty], ({ data }) => data.length === 1, { silence: 120 });
  assert.equal(played.asked.length, 1);
});

test("pauses grow while nothing comes, and a busy gateway's own wish is followed", async () => {
  const busy: Answer = (_request, response) => {
    response.writeHead(503, { "Retry-After": "7", "Content-Type": "application/json" });
    response.end('{"error": {"code": "unavailable", "message": "later"}}');
  };
  const broken: Answer = (_request, response) => response.destroy();
  const played = await play([broken, broken, broken, broken, busy], ({ pauses }) => pauses.length >= 5);
  assert.ok((played.pauses[3] as number) > 2 * (played.pauses[0] as number));
  assert.equal(played.pauses[4], 7000);
});

test("a refusal ends the stream and says why", async () => {
  const gone: Answer = (_request, response) => {
    response.writeHead(404, { "Content-Type": "application/json" });
    response.end('{"error": {"code": "unknown_conversation", "message": "There is no such conversation."}}');
  };
  const played = await play([gone], ({ refused }) => refused.length > 0);
  assert.equal(played.refused[0]?.code, "unknown_conversation");
  assert.equal(played.asked.length, 1);
});

test("a proxy's own error page is no refusal: the stream tries again", async () => {
  const proxy: Answer = (_request, response) => {
    response.writeHead(404, { "Content-Type": "text/html" });
    response.end("<h1>Not found</h1>");
  };
  const played = await play([proxy, events("data: back\n\n")], ({ data }) => data.length === 1);
  assert.deepEqual(played.refused, []);
});
