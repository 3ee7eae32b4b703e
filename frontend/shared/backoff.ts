/** How long to wait before the next try: doubling, capped, with jitter so that a crowd does not come back at once. */

const FIRST = 700; // ms; a dropped wireless link is often back within a second
const LONGEST = 20_000; // ms; a person still watching should not wait longer for a server that is back

export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return full * (0.6 + 0.4 * random());
}

/** `Retry-After` in milliseconds; null when absent or not a number of seconds. */
export function retryAfter(headers: Headers): number | null {
  const text = headers.get("Retry-After");
  return text && /^\d{1,5}$/.test(text) ? Number(text) * 1000 : null;
}

/** Waits, but ends early when the signal aborts or the browser comes back online. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      globalThis.removeEventListener?.("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
    globalThis.addEventListener?.("online", done);
    if (signal?.aborted) done();
  });
}
