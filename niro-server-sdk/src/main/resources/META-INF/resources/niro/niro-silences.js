/** <niro-silences>: silences and maintenance windows, those that hold now first, and a form for a new one. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Attempt } from "./niro-state.js";
import { list, may, now, remove } from "./niro-api.js";
import { clean, count, full, sentence, short } from "./niro-format.js";
import { badge, failureNote, staleNote } from "./niro-parts.js";
import { selectorWords } from "./niro-selector.js";
import "./niro-silence-form.js";

const AT_MOST = 1000;
const EXPIRED_SHOWN = 50;
const GROUPS = [
  ["active", "Active", "medium", "Nobody is told of what these cover."],
  ["scheduled", "Future", "pending", ""],
  ["expired", "Expired", "offline", "Shown for 30 days."],
];

class NiroSilences extends LitElement {
  static properties = { adding: { state: true }, ending: { state: true } };

  static styles = [
    shared,
    css`
      .groups { display: grid; gap: 16px; }
      .groups ul { list-style: none; }
      li {
        display: grid; grid-template-columns: 104px minmax(0, 1.3fr) minmax(0, 1fr) 130px; gap: 4px 16px; align-items: start;
        padding: 11px 16px; border-top: 1px solid var(--niro-line);
      }
      li p { overflow-wrap: anywhere; }
      .what { font-weight: 560; }
      .none { padding: 0 16px 14px; }
      li > :last-child { justify-self: end; justify-content: end; }
      @media (max-width: 820px) { li { grid-template-columns: minmax(0, 1fr); padding: 11px 14px; } li > :last-child { justify-self: start; } }
    `,
  ];

  #attempt = new Attempt(this);
  #names = new Map();
  #live = new Live(
    this,
    (signal) => this.#load(signal),
    () => "silences",
  );

  async #load(signal) {
    const silences = await list("/silences", {}, signal, AT_MOST);
    const asked = silences.items.flatMap(({ matchers }) => matchers.clusters ?? []);
    if (asked.some((id) => !this.#names.has(id))) {
      const clusters = await list("/clusters", {}, signal);
      for (const { id, name } of clusters.items) this.#names.set(id, name);
      // Deleted ones are not asked for again and again.
      for (const id of asked) if (!this.#names.has(id)) this.#names.set(id, id);
    }
    return silences;
  }

  render() {
    const items = this.#live.data?.items;
    const active = items?.filter(({ state }) => state === "active").length;
    return html`<div class="head">
        <div class="grow">
          <h1>Silences</h1>
          <p class="muted" role="status">
            ${items ? `${count(active)} active. A silence holds messages back; incidents are found, shown and counted all the same.` : "Loading…"}
          </p>
        </div>
        ${may("write") ? html`<button class="primary" @click=${() => (this.adding = true)}>New silence or maintenance window</button>` : nothing}
      </div>
      ${staleNote(this.#live)} ${failureNote(this.#attempt)}
      <div class="groups">${items ? GROUPS.map((group) => this.#group(group, items)) : nothing}</div>
      ${
        this.adding
          ? html`<niro-silence-form
              @niro-close=${() => (this.adding = false)}
              @niro-changed=${() => this.#live.refresh()}
            ></niro-silence-form>`
          : nothing
      }`;
  }

  #group([state, title, tone, hint], items) {
    const fits = items.filter((one) => one.state === state);
    if (fits.length === 0 && state !== "active") return nothing;
    return html`<section class="panel" aria-label=${title}>
      <header>
        <h2>${title}</h2>
        <span class="muted">${count(fits.length)}</span><span class="grow"></span><span class="muted">${fits.length ? hint : ""}</span>
      </header>
      ${fits.length === 0 ? html`<p class="muted none">None. Everything that is found is told.</p>` : nothing}
      <ul>
        ${repeat(
          fits.slice(0, state === "expired" ? EXPIRED_SHOWN : AT_MOST),
          ({ id }) => id,
          (silence) => this.#silence(silence, tone),
        )}
      </ul>
    </section>`;
  }

  #silence(silence, tone) {
    const { id, state, startsAt, endsAt, reason, createdBy, createdAt } = silence;
    const matchers = selectorWords(silence.matchers, this.#names);
    return html`<li>
      <div>${badge(tone, state === "scheduled" ? "Future" : sentence(state), `${full(startsAt)} to ${full(endsAt)}`)}</div>
      <div>
        ${matchers.map((line) => html`<p class="what"><bdi>${sentence(line)}</bdi></p>`)}
        <p><bdi>${clean(reason)}</bdi></p>
      </div>
      <div>
        <p title="${full(startsAt)} to ${full(endsAt)}">${short(startsAt, now())} to ${short(endsAt, now())}</p>
        <p class="sub">by <bdi>${clean(createdBy)}</bdi>, <niro-ago .at=${createdAt}></niro-ago></p>
      </div>
      ${state === "expired" || !may("write") ? html`<span></span>` : this.#end(id, state)}
    </li>`;
  }

  #end(id, state) {
    const what = state === "active" ? "End now" : "Call off";
    if (this.ending !== id) return html`<button @click=${() => (this.ending = id)}>${what}</button>`;
    return html`<span class="row">
      <button class="danger" ?disabled=${this.#attempt.busy} @click=${() => this.#endNow(id)}>Really ${what.toLowerCase()}</button>
      <button class="plain" @click=${() => (this.ending = null)}>Keep</button>
    </span>`;
  }

  async #endNow(id) {
    if (!(await this.#attempt.run(() => remove(`/silences/${encodeURIComponent(id)}`)))) return;
    this.ending = null;
    await this.#live.refresh();
  }
}

customElements.define("niro-silences", NiroSilences);
