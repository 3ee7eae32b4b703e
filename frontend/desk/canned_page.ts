/** The team's canned replies, kept by supervisors. */

import { h } from "../shared/dom";
import type { DeskApi } from "./api";
import { ask, field } from "./ask";
import { button, LoadingPage, table } from "./page";
import type { Canned } from "./protocol";

export class CannedPage extends LoadingPage {
  readonly title = "Canned replies";

  constructor(
    private readonly api: DeskApi,
    onRefused: (error: unknown) => boolean,
  ) {
    super(onRefused);
  }

  protected async load(): Promise<void> {
    const replies = await this.api.canned();
    const rows = replies.map((one) => [
      `/${one.shortcut}`,
      one.title,
      h("span", { class: "pre", dir: "auto" }, one.text),
      h(
        "span",
        { class: "row-acts" },
        button("Change…", "link", () => void this.edit(one), `Change /${one.shortcut}`),
        button("Remove…", "link", () => void this.remove(one), `Remove /${one.shortcut}`),
      ),
    ]);
    this.body.replaceChildren(
      h(
        "p",
        { class: "small" },
        "Agents type the shortcut after a slash. {customer_name}, {agent_name} and what is known, such as {order_number}, are filled in.",
      ),
      h(
        "p",
        {},
        button("New reply…", "primary", () => void this.edit(null)),
        replies.length === 0 && " ",
        replies.length === 0 && button("Add a starter set", "", () => void this.begin()),
      ),
      table("All", ["Shortcut", "Title", "Text", "(What can be done)"], rows, "There are none yet."),
    );
  }

  private async begin(): Promise<void> {
    await this.attempt(async () => {
      await this.api.startCanned();
      await this.load();
    });
  }

  private async edit(one: Canned | null): Promise<void> {
    const shortcut = h("input", { required: true, maxlength: 33, autocapitalize: "none", spellcheck: "false" });
    const title = h("input", { required: true, maxlength: 100 });
    const text = h("textarea", { required: true, rows: 5, maxlength: 4000, dir: "auto" });
    shortcut.value = one?.shortcut ?? "";
    title.value = one?.title ?? "";
    text.value = one?.text ?? "";
    const given = await ask(
      one ? `Change /${one.shortcut}` : "New reply",
      "Save",
      [field("Shortcut", shortcut), field("Title", title), field("Text", text)],
      () => ({ shortcut: shortcut.value, title: title.value, text: text.value }),
    );
    if (given === null) return;
    await this.attempt(async () => {
      await this.api.saveCanned(one?.id ?? null, given);
      await this.load();
    });
  }

  private async remove(one: Canned): Promise<void> {
    const text = `/${one.shortcut} is gone for everybody.`;
    if ((await ask("Remove reply", "Remove", [h("p", {}, text)], () => true)) === null) return;
    await this.attempt(async () => {
      await this.api.removeCanned(one.id);
      await this.load();
    });
  }
}
