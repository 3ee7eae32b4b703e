/** Reads the text of a server-sent event stream (WHATWG HTML, "Interpreting an event stream"), in pieces of any size. */

export interface ServerEvent {
  /** The `event:` field, "message" when there was none. */
  readonly name: string;
  readonly data: string;
  /** This event's own `id:` field, null when it had none. */
  readonly id: string | null;
}

export class SseParser {
  private rest = "";
  private name = "";
  private data: string[] = [];
  private id: string | null = null;
  private first = true;

  /** Takes the next piece of decoded text, gives the events that it completed. */
  push(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    let text = this.rest + piece;
    if (this.first && text.length > 0) {
      this.first = false;
      if (text.startsWith("\uFEFF")) text = text.slice(1);
    }
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      if (character !== "\n" && character !== "\r") continue;
      // A "\r" at the very end may be the first half of "\r\n": wait for the next piece.
      if (character === "\r" && at + 1 === text.length) break;
      const event = this.line(text.slice(start, at));
      if (event) events.push(event);
      if (character === "\r" && text[at + 1] === "\n") at++;
      start = at + 1;
    }
    this.rest = text.slice(start);
    return events;
  }

  private line(line: string): ServerEvent | null {
    if (line === "") return this.dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return null;
  }

  private dispatch(): ServerEvent | null {
    const event =
      this.data.length > 0 ? { name: this.name || "message", data: this.data.join("\n"), id: this.id } : null;
    this.name = "";
    this.data = [];
    this.id = null;
    return event;
  }
}
