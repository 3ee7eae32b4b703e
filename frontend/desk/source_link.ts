/** Where a source of an answer is opened: a web address, or a page of the gateway that serves this desk. */

import { safeHref } from "../shared/linkify";

export function sourceHref(url: string): string | null {
  try {
    return safeHref(new URL(url, location.origin).href);
  } catch {
    return null;
  }
}
