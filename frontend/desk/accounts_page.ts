/** The administrator's page: accounts, their roles, and what each agent can do. */

import { h } from "../shared/dom";
import type { DeskApi, Work } from "./api";
import { ask, field } from "./ask";
import { button, LoadingPage, table } from "./page";
import type { User } from "./protocol";

const ROLES = ["agent", "supervisor", "trainer", "administrator"];

export class AccountsPage extends LoadingPage {
  readonly title = "Accounts";

  constructor(
    private readonly api: DeskApi,
    onRefused: (error: unknown) => boolean,
  ) {
    super(onRefused);
  }

  protected async load(): Promise<void> {
    const users = await this.api.users();
    const rows = users.map((user) => [
      user.name,
      user.username,
      user.role,
      user.disabled_at
        ? h("span", { class: "tag hot" }, "closed")
        : h("span", { class: user.signed_in ? "tag good" : "tag" }, user.signed_in ? "signed in" : "signed out"),
      answers(user.role) ? `${user.conversations ?? 0} of ${user.capacity}` : "answers nobody",
      h(
        "span",
        { class: "row-acts" },
        button("Change…", "link", () => void this.change(user), `Change ${user.name}`),
        button("New password…", "link", () => void this.newPassword(user), `New password for ${user.name}`),
        button(
          user.disabled_at ? "Reopen" : "Close…",
          "link",
          () => void this.toggle(user),
          `${user.disabled_at ? "Open" : "Close"} the account of ${user.name}`,
        ),
      ),
    ]);
    this.body.replaceChildren(
      h(
        "p",
        {},
        button("New account…", "primary", () => void this.create()),
      ),
      table(
        "Everybody",
        ["Name", "Username", "Role", "State", "Conversations", "(What can be done)"],
        rows,
        "There are no accounts yet.",
      ),
    );
  }

  private async create(): Promise<void> {
    const name = h("input", { required: true, maxlength: 100 });
    const username = h("input", { required: true, maxlength: 64, autocapitalize: "none", spellcheck: "false" });
    const role = h("select", {}, ...ROLES.map((one) => h("option", { value: one }, one)));
    const work = workFields({ skills: [], languages: ["en"], capacity: 5 }, role);
    const given = await ask(
      "New account",
      "Create account",
      [field("Name, as customers see it", name), field("Username", username), field("Role", role), work.element],
      () => ({ name: name.value, username: username.value, role: role.value, work: work.value() }),
    );
    if (given === null) return;
    await this.attempt(async () => {
      const { user, password } = await this.api.createUser(given);
      await this.load();
      await showPassword(user.name, password);
    });
  }

  private async change(user: User): Promise<void> {
    const name = h("input", { required: true, maxlength: 100 });
    name.value = user.name;
    const role = h("select", {}, ...ROLES.map((one) => h("option", { value: one, selected: one === user.role }, one)));
    const work = workFields(user, role);
    const change = await ask(
      `Change ${user.name}`,
      "Save",
      [field("Name, as customers see it", name), field("Role", role), work.element],
      () => ({ name: name.value, role: role.value, work: work.value() }),
    );
    if (change === null) return;
    await this.attempt(async () => {
      await this.api.changeUser(user.id, change);
      await this.load();
    });
  }

  private async newPassword(user: User): Promise<void> {
    const sure = await ask(
      `New password for ${user.name}`,
      "New password",
      [h("p", {}, "The old password stops working at once, and every session ends.")],
      () => true,
    );
    if (sure === null) return;
    await this.attempt(async () => showPassword(user.name, await this.api.newPassword(user.id)));
  }

  private async toggle(user: User): Promise<void> {
    const disabled = user.disabled_at === null;
    if (disabled) {
      const text = `${user.name} is signed out at once and cannot come back until you open the account again.`;
      if ((await ask("Close account", "Close account", [h("p", {}, text)], () => true)) === null) return;
    }
    await this.attempt(async () => {
      await this.api.changeUser(user.id, { disabled });
      await this.load();
    });
  }
}

/** A trainer reads and marks, and has no customers (bot/gateway/desk/roles.py). */
function answers(role: string): boolean {
  return role !== "trainer";
}

/** What somebody can do, for those whose role answers customers. */
function workFields(now: Work, role: HTMLSelectElement): { element: HTMLElement; value: () => Work | null } {
  const skills = h("input", { placeholder: "returns, technician", autocapitalize: "none", spellcheck: "false" });
  const languages = h("input", { required: true, autocapitalize: "none", spellcheck: "false" });
  const capacity = h("input", { type: "number", min: 1, max: 50, required: true });
  skills.value = now.skills.join(", ");
  languages.value = now.languages.join(", ");
  capacity.value = String(now.capacity);
  const element = h(
    "fieldset",
    {},
    h("legend", { class: "unseen" }, "Work"),
    field("Skills, besides general", skills),
    field("Languages, as two letters", languages),
    field("Conversations at once", capacity),
  );
  const show = (): void => {
    element.hidden = !answers(role.value);
    // What is not shown must not hold up the form.
    element.disabled = element.hidden;
  };
  role.addEventListener("change", show);
  show();
  const value = (): Work | null =>
    answers(role.value)
      ? { skills: words(skills.value), languages: words(languages.value), capacity: Number(capacity.value) }
      : null;
  return { element, value };
}

async function showPassword(name: string, password: string): Promise<void> {
  const shown = h("input", { readonly: true, class: "password", "aria-label": "Password" });
  shown.value = password;
  await ask(
    "Password",
    null,
    [h("p", {}, `For ${name}. It is shown only once. Hand it over in person or by another safe way.`), shown],
    () => true,
  );
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
}
