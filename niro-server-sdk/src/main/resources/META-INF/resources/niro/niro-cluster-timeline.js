/** <niro-cluster-timeline>: what happened, newest first, of the kinds that somebody wants to see. */
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

/** Chips, and the kinds of entries behind each. */
const CHIPS = {
  Incidents: [
    "incident_opened",
    "incident_resolved",
    "incident_acknowledged",
    "incident_acknowledgement_withdrawn",
    "incident_deleted",
    "silenced",
    "silence_ended",
  ],
  Nodes: ["node_joined", "node_left", "node_ready", "node_not_ready", "kubernetes_version_changed"],
  Pods: ["pod_restarts"],
  Findings: ["findings_appeared", "findings_cleared"],
  Deployments: ["apply_sent", "apply_finished", "deployment_deletion", "drift"],
  Agent: ["enrolled", "key_rotation_asked", "key_replaced", "agent_restarted", "agent_goodbye", "agent_version_changed", "capabilities_changed"],
  Commands: ["command_sent", "command_finished", "command_late"],
  Settings: ["cluster_created", "settings_changed", "token_created"],
};

const keyOf = (entry) => `${entry.at} ${entry.kind} ${entry.summary} ${JSON.stringify(entry.details)}`;

class NiroClusterTimeline extends LitElement {
  static properties = {
    cluster: { attribute: false },
    chips: { state: true },
    more: { state: true },
    busy: { state: true },
  };

  static styles = [
    shared,
    css`
      .chips { margin-bottom: 12px; }
      .chips button { min-height: 28px; border-radius: 14px; border-color: var(--niro-line-strong); }
      .chips button[aria-pressed="true"] {
        border-color: var(--niro-accent); color: var(--niro-accent); box-shadow: inset 0 0 0 1px var(--niro-accent); font-weight: 580;
      }
      h2 { padding: 12px 16px 6px; font-size: 13px; color: var(--niro-muted); }
      ol { list-style: none; }
      li {
        display: grid; grid-template-columns: 70px 176px minmax(0, 1fr); gap: 4px 12px; padding: 8px 16px;
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
      .details span { white-space: pre-wrap; }
      footer { padding: 12px 16px; border-top: 1px solid var(--niro-line); }
      @media (max-width: 600px) { li { grid-template-columns: 66px minmax(0, 1fr); } .what { grid-column: 1 / 3; } }
    `,
  ];

  /** By key, so that entries stay while the newest page moves on. */
  #entries = new Map();
  #cursor = null;

  #live = new Live(this, (signal) => this.#newest(signal));

  constructor() {
    super();
    this.chips = new Set();
  }

  /** The kinds asked for; none asks for all. Where lines were left out there is a gap in every kind. */
  get #kinds() {
    return this.chips.size ? [...[...this.chips].flatMap((chip) => CHIPS[chip]), "lines_left_out"] : [];
  }

  async #newest(signal) {
    const page = await get(clusterPath(this.cluster.id, "/timeline"), { kind: this.#kinds, limit: PAGE }, signal);
    // More has happened since than a page holds: between it and what is here there is a gap, so this is a new beginning.
    if (page.nextCursor && !page.items.some((entry) => this.#entries.has(keyOf(entry)))) this.#entries.clear();
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
    const chips = this.chips;
    try {
      const page = await get(clusterPath(this.cluster.id, "/timeline"), {
        kind: this.#kinds,
        limit: PAGE,
        cursor: this.#cursor,
      });
      if (chips !== this.chips) return;
      this.#add(page.items);
      this.#continueFrom(page.nextCursor);
    } catch (failure) {
      this.#live.error = failure;
    } finally {
      this.busy = false;
    }
  };

  #choose(chips) {
    this.chips = chips;
    this.#entries.clear();
    this.#continueFrom(null);
    this.#live.restart();
  }

  #toggle(chip) {
    const chips = new Set(this.chips);
    if (!chips.delete(chip)) chips.add(chip);
    this.#choose(chips);
  }

  render() {
    return html`<div class="chips row" role="group" aria-label="Kinds">
        <button aria-pressed=${this.chips.size === 0} @click=${() => this.#choose(new Set())}>All</button>
        ${Object.keys(CHIPS).map(
          (chip) =>
            html`<button aria-pressed=${this.chips.has(chip)} @click=${() => this.#toggle(chip)}>${chip}</button>`,
        )}
      </div>
      ${staleNote(this.#live)} ${this.#list()}`;
  }

  #list() {
    if (!this.#live.data) return html`<section class="panel empty">${this.#live.error ? nothing : "Loading…"}</section>`;
    const sorted = [...this.#entries.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    const none = this.chips.size ? "Nothing of these kinds has happened yet." : "Nothing has happened yet.";
    return html`<section class="panel">
      ${sorted.length === 0 ? html`<p class="empty">${none}</p>` : this.#days(sorted)}
      ${this.more ? html`<footer><button ?disabled=${this.busy} @click=${this.#loadMore}>Load older</button></footer>` : nothing}
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
    const tone = /opened|fail|offline|refused|not_ready/.test(entry.kind)
      ? "critical"
      : /resolved|enrolled|succeeded|node_ready|cleared/.test(entry.kind)
        ? "healthy"
        : "";
    const details = Object.entries(entry.details);
    return html`<li>
      <time datetime=${entry.at} title=${full(entry.at)}>${time.format(Date.parse(entry.at))}</time>
      <span class="kind ${tone}" title=${words(entry.kind)}><bdi>${words(entry.kind)}</bdi></span>
      <div class="what">
        <bdi>${clean(entry.summary)}</bdi>
        <div class="details">
          ${details.map(([name, value]) => html`<span><bdi>${words(name)}</bdi>: <bdi>${lines(value)}</bdi></span>`)}
        </div>
      </div>
    </li>`;
  }
}

/** Text of more than one line, each line made harmless by itself. */
const lines = (value) => String(value).split("\n").map(clean).join("\n");

customElements.define("niro-cluster-timeline", NiroClusterTimeline);
