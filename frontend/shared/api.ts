/** JSON calls to the gateway, and the errors that they end with. */

import { retryAfter } from "./backoff";
import { toJson } from "./json";

/** The gateway answered, and said no. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Milliseconds that the gateway asked for, null when it did not. */
    readonly retryAfter: number | null = null,
    /** The whole `error` object: some errors carry more than a code. */
    readonly detail: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** Trying the same again later can help: overload, a fault, or a proxy's own page instead of the gateway's answer. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408 || this.code.startsWith("http_");
  }
}

/** No answer came: offline, refused, cut off, or too slow. */
export class NetworkError extends Error {}

const TOO_SLOW = 20_000; // ms; the gateway answers in milliseconds, a lost packet's last retry is about here

export interface Call {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export async function requestJson<T>(url: string, call: Call = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", ...call.headers };
  const init: RequestInit = { method: call.method ?? "GET", headers, signal: AbortSignal.timeout(TOO_SLOW) };
  if (call.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = toJson(call.body);
  }
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch {
    throw new NetworkError("The server could not be reached.");
  }
  if (!response.ok) throw errorOf(response, text);
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new NetworkError("The answer was cut off.");
  }
}

/** What a refused request says; a proxy's own page says nothing that we can use. */
export function errorOf(response: Response, text: string): ApiError {
  let detail: Record<string, unknown> = {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "error" in body) {
      detail = (body as { error: Record<string, unknown> }).error ?? {};
    }
  } catch {
    // Not JSON: the status alone has to do.
  }
  const code = typeof detail.code === "string" ? detail.code : `http_${response.status}`;
  const message = typeof detail.message === "string" ? detail.message : `The server answered ${response.status}.`;
  return new ApiError(response.status, code, message, retryAfter(response.headers), detail);
}
