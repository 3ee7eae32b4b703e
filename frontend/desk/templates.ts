/** Canned replies: variables in braces are filled in from what is known; what is not known stays, to be seen. */

const VARIABLE = /\{([a-z][a-z0-9_]{0,63})\}/g;

export function filled(text: string, known: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(VARIABLE, (braced, name: string) => {
    const value = known[name];
    return value === null || value === undefined || typeof value === "object" || value === "" ? braced : String(value);
  });
}

/** The variables that nobody has filled in: a message with one of them must not go out. */
export function unfilled(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([braced]) => braced))];
}
