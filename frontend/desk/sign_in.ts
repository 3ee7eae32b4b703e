/** The sign-in form. */

import { ApiError } from "../shared/api";
import { h } from "../shared/dom";
import type { DeskApi } from "./api";
import type { Session } from "./protocol";

export function signInForm(api: DeskApi, why: string, onSignedIn: (session: Session) => void): HTMLElement {
  const username = h("input", {
    id: "username",
    name: "username",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
  });
  const password = h("input", {
    id: "password",
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });
  const error = h("p", { class: "error", role: "alert" }, why);
  const submit = h("button", { type: "submit", class: "primary" }, "Sign in");
  const form = h(
    "form",
    { class: "sign-in" },
    h("h1", {}, "Warmline desk"),
    h("p", { class: "small" }, "For the people who answer customers."),
    h("label", { for: "username" }, "Username"),
    username,
    h("label", { for: "password" }, "Password"),
    password,
    error,
    submit,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.textContent = "";
    api
      .signIn(username.value.trim(), password.value)
      .then(onSignedIn)
      .catch((problem: Error) => {
        const wait =
          problem instanceof ApiError && problem.retryAfter ? ` Try again in ${age(problem.retryAfter)}.` : "";
        error.textContent = problem.message + wait;
        password.select();
        password.focus();
      })
      .finally(() => {
        submit.disabled = false;
      });
  });
  return h("main", { class: "sign-in-page" }, form);
}

function age(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
