/**
 * A server-sent event stream over `fetch`, so that a token travels in a header and never in an address.
 * It resumes after the last number it saw, comes back with growing pauses, and takes a silent line for a dead one.
 */

import { ApiError, errorOf } from "./api";
import { backoff, pause } from "./backoff";
import { type ServerEvent, SseParser } from "./sse";

export type Line = "connecting" | "live" | "lost";

export interface StreamOptions {
  /** The address that continues after the given number. */
  readonly url: (after: number | null) => string;
  readonly headers?: () => Record<string, string>;
  readonly onEvent: (event: ServerEvent) => void;
  readonly onLine: (line: Line) => void;
  /** The server refused for good (a 4xx other than 408 and 429); the stream has ended. */
  readonly onRefused: (error: ApiError) => void;
  /** Where to start; null leaves it to the server. */
  readonly after: number | null;
  readonly fetch?: typeof fetch;
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly silence?: number;
}

const SILENCE = 40_000; // ms; the server writes a comment every 15 s, so two are missing

export class EventStream {
  private controller: AbortController | null = null;
  private last: number | null;

  constructor(private readonly options: StreamOptions) {
    this.last = options.after;
  }

  get running(): boolean {
    return this.controller !== null;
  }

  start(): void {
    if (this.controller) return;
    this.controller = new AbortController();
    void this.run(this.controller.signal);
  }

  stop(): void {
    this.controller?.abort();
    this.controller = null;
  }

  private async run(stopped: AbortSignal): Promise<void> {
    const wait = this.options.wait ?? pause;
    let failures = 0;
    while (!stopped.aborted) {
      this.options.onLine(failures === 0 ? "connecting" : "lost");
      let asked: number | null = null;
      try {
        await this.connect(stopped, () => {
          failures = 0;
        });
      } catch (error) {
        if (stopped.aborted) return;
        if (error instanceof ApiError) {
          if (!error.passing) {
            this.controller = null;
            this.options.onRefused(error);
            return;
          }
          asked = error.retryAfter;
        }
      }
      if (stopped.aborted) return;
      this.options.onLine("lost");
      await wait(asked ?? backoff(failures), stopped);
      failures++;
    }
  }

  /** One connection, until it ends; throws when it ended badly. */
  private async connect(stopped: AbortSignal, onOpen: () => void): Promise<void> {
    const connection = new AbortController();
    const abort = (): void => connection.abort();
    stopped.addEventListener("abort", abort);
    // The browser knows at once what silence would tell after a while.
    globalThis.addEventListener?.("offline", abort);
    let timer = setTimeout(abort, this.options.silence ?? SILENCE);
    try {
      const get = this.options.fetch ?? fetch;
      const response = await get(this.options.url(this.last), {
        headers: { Accept: "text/event-stream", ...this.options.headers?.() },
        signal: connection.signal,
        cache: "no-store",
      });
      if (!response.ok) throw errorOf(response, await response.text());
      if (!response.body) return;
      this.options.onLine("live");
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new SseParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || stopped.aborted) return;
        // Only what was really received proves that the server is well: an empty stream keeps the pauses growing.
        onOpen();
        clearTimeout(timer);
        timer = setTimeout(abort, this.options.silence ?? SILENCE);
        for (const event of parser.push(value)) this.take(event);
      }
    } finally {
      clearTimeout(timer);
      stopped.removeEventListener("abort", abort);
      globalThis.removeEventListener?.("offline", abort);
      connection.abort();
    }
  }

  private take(event: ServerEvent): void {
    if (event.id !== null && /^\d+$/.test(event.id)) this.last = Math.max(this.last ?? 0, Number(event.id));
    this.options.onEvent(event);
  }
}
