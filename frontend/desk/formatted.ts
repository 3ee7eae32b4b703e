/** Words of an article as they read: with their tables and lists where the gateway tells them apart, else in lines. */

import { richText } from "../shared/rich_text";

interface Told {
  readonly text: string;
  readonly format?: string | null;
  readonly formatted?: string | null;
}

export function asItReads({ text, format, formatted }: Told): Node[] {
  // An older gateway sends the Markdown itself as the text.
  return richText(formatted ?? text, format);
}
