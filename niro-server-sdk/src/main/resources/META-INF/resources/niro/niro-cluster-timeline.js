/** <niro-cluster-timeline>: what happened, newest first. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { clusterPath, get } from "./niro-api.js";
import { clean, full, words } from "./niro-format.js";
import { staleNote } from "./niro-parts.js";

const PAGE = 100;
const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

const keyOf = (entry) => `${entry.at} ${entry.kind} ${entry.summary} ${JSON.stringify(entry.details)}`;

class NiroClusterTimeline extends LitElement {
  static properties = { cluster: { attribute: false }, more: { state: true }, busy: { state: true } };

  static styles = [
    shared,
    css`
      h2 { padding: 12px 16px 6px; font-size: 13px; color: var(--niro-muted); }
      ol { list-style: none; }
      li {
        display: grid; grid-template-columns: 70px 150px minmax(0, 1fr); gap: 4px 12px; padding: 8px 16px;
        border-top: 1px solid var(--niro-line);
      }
      time { color: var(--niro-muted); }
      .kind { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--niro-muted); }
      .kind::before {
        content: ""; display: inline-block; width: 8px; height: 8px; margin-inline-end: 8px; border-radius: 50%;
        background: var(--tone, var(--niro-line-strong));
      }
      .what { overflow-wrap: anywhere; }
      .details { display: flex; flex-wrap: wrap; gap: 0 14px; font-size: 12.5px; color: var(--niro-muted); }
      footer { padding: 12px 16px; border-top: 1px solid var(--niro-line); }
      @media (max-width: 600px) { li { grid-template-columns: 66px minmax(0, 1fr); } .what { grid-column: 1 / 3; } }
    `,
  ];

  /** By key, so that entries stay while the newest page moves on. */
  #entries = new Map();
  #cursor = null;

  #live = new Live(this, (signal) => this.#newest(signal));

  async #newest(signal) {
    const page = await get(clusterPath(this.cluster.id, "/timeline"), { limit: PAGE }, signal);
    if (this.#entries.size === 0) this.#continueFrom(page.nextCursor);
    this.#add(page.items);
    return true;
  }

  #add(items) {
    for (const entry of items) this.#entries.set(keyOf(entry), entry);
  }

  #continueFrom(cursor) {
    this.#cursor = cursor;
    this.more = cursor !== null;
  }

  #loadMore = async () => {
    this.busy = true;
    try {
      const page = await get(clusterPath(this.cluster.id, "/timeline"), { limit: PAGE, cursor: this.#cursor });
      this.#add(page.items);
      this.#continueFrom(page.nextCursor);
    } catch (failure) {
      this.#live.error = failure;
    }
    this.busy = false;
  };

  render() {
    if (!this.#live.data)
      return html`${staleNote(this.#live)}
        <section class="panel empty">${this.#live.error ? nothing : "Loading…"}</section>`;
    const sorted = [...this.#entries.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    return html`${staleNote(this.#live)}
      <section class="panel">
        ${sorted.length === 0 ? html`<p class="empty">Nothing has happened yet.</p>` : this.#days(sorted)}
        ${this.more ? html`<footer><button ?disabled=${this.busy} @click=${this.#loadMore}>Load more</button></footer>` : nothing}
      </section>`;
  }

  #days(sorted) {
    const days = new Map();
    for (const entry of sorted) {
      const name = day.format(Date.parse(entry.at));
      days.set(name, [...(days.get(name) ?? []), entry]);
    }
    return repeat(
      days.entries(),
      ([name]) => name,
      ([name, entries]) =>
        html`<h2>${name}</h2>
          <ol>
            ${repeat(entries, keyOf, (entry) => this.#entry(entry))}
          </ol>`,
    );
  }

  #entry(entry) {
    const tone = /opened|fail|offline|refused/.test(entry.kind)
      ? "critical"
      : /resolved|enrolled|succeeded/.test(entry.kind)
        ? "healthy"
        : "";
    const details = Object.entries(entry.details);
    return html`<li>
      <time datetime=${entry.at} title=${full(entry.at)}>${time.format(Date.parse(entry.at))}</time>
      <span class="kind ${tone}"><bdi>${words(entry.kind)}</bdi></span>
      <div class="what">
        <bdi>${clean(entry.summary)}</bdi>
        <div class="details">
          ${details.map(([name, value]) => html`<span><bdi>${words(name)}</bdi>: <bdi>${clean(value)}</bdi></span>`)}
        </div>
      </div>
    </li>`;
  }
}

customElements.define("niro-cluster-timeline", NiroClusterTimeline);
