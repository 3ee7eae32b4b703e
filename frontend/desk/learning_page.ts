/** For trainers: what became of the suggestions, by kind and article, and those that did not fit. */

import { dayAndTime } from "../shared/clock";
import { h } from "../shared/dom";
import type { DeskApi } from "./api";
import { percent, readable } from "./names";
import { figure, LoadingPage, table } from "./page";
import type { Counts } from "./protocol";

const HEADS = ["Offered", "Sent as it was", "Edited", "Dismissed"];

export class LearningPage extends LoadingPage {
  readonly title = "Suggestions";

  constructor(
    private readonly api: DeskApi,
    onRefused: (error: unknown) => boolean,
  ) {
    super(onRefused);
  }

  protected async load(): Promise<void> {
    const { total, kinds, articles, examples, since } = await this.api.suggestions();
    const share = (count: number): string => (total.offered === 0 ? "–" : percent(count / total.offered));
    this.body.replaceChildren(
      h("p", { class: "small" }, `Since ${dayAndTime(since)}. Suggestions that nobody used count as ignored.`),
      h(
        "div",
        { class: "figures" },
        figure(String(total.offered), "offered"),
        figure(share(total.accepted), "sent as they were", String(total.accepted)),
        figure(share(total.edited), "edited", String(total.edited)),
        figure(share(total.rejected), "dismissed", String(total.rejected)),
      ),
      table(
        "By kind",
        ["Kind", ...HEADS],
        kinds.map((one) => [readable(one.kind), ...counts(one)]),
        "None yet.",
      ),
      table(
        "By article",
        ["Article", ...HEADS],
        articles.map((one) => [readable(one.article), ...counts(one)]),
        "None yet.",
      ),
      table(
        "What did not fit",
        ["When", "The customer wrote", "Offered", "Became", "Sent instead"],
        examples.map(({ at, question, offered, verdict, sent }) => [
          dayAndTime(at),
          question ?? "",
          offered,
          verdict,
          sent ?? "–",
        ]),
        "Nothing has been edited or dismissed yet.",
      ),
    );
  }
}

function counts({ offered, accepted, edited, rejected }: Counts): string[] {
  return [offered, accepted, edited, rejected].map(String);
}
