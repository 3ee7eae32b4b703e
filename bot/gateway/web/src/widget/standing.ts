/** Whether the gateway takes calls from this page; asked once, because browsers do not say why a call failed. */

import { requestJson } from "../shared/api";
import { pause } from "../shared/backoff";

const PATIENCE = 1500; // ms; a slow gateway is no reason to hide the chat

export interface Answer {
  /** In time, or the benefit of the doubt. */
  readonly soon: Promise<boolean>;
  /** However long it takes. */
  readonly atLast: Promise<boolean>;
}

export function mayStandHere(base: string): Answer {
  const atLast =
    location.origin === base
      ? Promise.resolve(true)
      : requestJson<{ allowed?: boolean }>(`${base}/api/web/embedding`).then(
          ({ allowed }) => allowed !== false,
          () => true, // a gateway that is away, or an older one
        );
  return { atLast, soon: Promise.race([atLast, pause(PATIENCE).then(() => true)]) };
}

/** For whoever built the page: the one line that says what to change. */
export function sayWhyNot(base: string): void {
  console.error(
    `Warmline: the chat is not shown, because the gateway at ${base} does not take calls from this page. ` +
      `Add "${location.origin}" to website.allowed_origins in its channels.yml and start it again.`,
  );
}
