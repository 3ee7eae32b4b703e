/** Whether the gateway takes calls from this page; asked once, because browsers do not say why a call failed. */

import { requestJson } from "../shared/api";

export interface Standing {
  readonly allowed: boolean;
  /** False when the website channel as a whole is closed. */
  readonly open: boolean;
}

/** A gateway that is away, or an older one that cannot answer, gets the benefit of the doubt. */
export async function mayStandHere(base: string): Promise<Standing> {
  try {
    const { allowed, open } = await requestJson<Partial<Standing>>(`${base}/api/web/embedding`);
    return { allowed: allowed !== false, open: open !== false };
  } catch {
    return { allowed: true, open: true };
  }
}

/** For whoever built the page: the one line that says what to change. */
export function sayWhyNot(base: string, { open }: Standing): void {
  const change = open
    ? `does not take calls from this page. Add "${location.origin}" to website.allowed_origins`
    : "has its website channel closed. Set website.enabled to true";
  console.error(
    `Warmline: the chat is not shown, because the gateway at ${base} ${change} in its channels.yml and start it again.`,
  );
}
