/** <niro-audit>: who did what, newest first, and further back on demand; for those who administer. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Attempt, Filters } from "./niro-state.js";
import { get, list } from "./niro-api.js";
import { clean, full, words } from "./niro-format.js";
import { badge, failureNote, follow, links, staleNote } from "./niro-parts.js";

const PAGE = 100;

/** What was asked for, in words; what is not here is shown as it is. */
const ACTIONS = {
  "POST /clusters": "Add a cluster",
  "PATCH /clusters/{cluster}": "Change a cluster's settings",
  "DELETE /clusters/{cluster}": "Delete a cluster",
  "POST /clusters/{cluster}/enrollment": "Make an enrollment token",
  "PUT /clusters/{cluster}/policy": "Change policies",
  "POST /clusters/{cluster}/commands": "Send a command",
  "POST /clusters/{cluster}/deployments": "Make a deployment",
  "PUT /clusters/{cluster}/deployments/{name}": "Apply a deployment's manifests",
  "DELETE /clusters/{cluster}/deployments/{name}": "Delete a deployment",
  "POST /clusters/{cluster}/deployments/{name}/apply": "Apply a deployment again",
  "POST /clusters/{cluster}/deployments/{name}/rollback": "Roll a deployment back",
  "POST /clusters/{cluster}/deployments/{name}/diff": "Look for drift",
  "PUT /clusters/{cluster}/agent-update": "Offer an agent another image",
  "POST /clusters/{cluster}/rotate-key": "Ask for a new key of the agent",
  "POST /agent-updates": "Offer agents another image",
  "DELETE /clusters/{cluster}/commands/{command}": "Cancel a command",
  "POST /incidents/{incident}/acknowledge": "Acknowledge an incident",
  "DELETE /incidents/{incident}/acknowledge": "Take an acknowledgement back",
  "POST /incidents/{incident}/silence": "Silence an incident",
  "DELETE /incidents/{incident}": "Delete an incident",
  "POST /silences": "Make a silence",
  "DELETE /silences/{silence}": "End a silence",
  "POST /channels": "Add a channel",
  "PATCH /channels/{channel}": "Change a channel",
  "DELETE /channels/{channel}": "Delete a channel",
  "POST /channels/{channel}/test": "Test a channel",
  "POST /channels/{channel}/deliveries/{delivery}/retry": "Send a notification again",
  "POST /tokens": "Make an API token",
  "DELETE /tokens/{id}": "Revoke an API token",
  "POST /members": "Invite a user",
  "POST /members/{id}/invitation": "Make a password link",
  "DELETE /members/{id}": "Remove a user",
  "PUT /members/me/password": "Change the own password",
  "POST /login": "Log in",
  "POST /setup": "Choose a password by link",
};

const OUTCOMES = {
  done: ["good", "Done", ""],
  refused: ["critical", "Refused", ""],
  unknown: ["unknown", "Unknown", "The server ended before it was done, or it is being done now"],
};

class NiroAudit extends LitElement {
  static properties = {
    /** The filters to start with, as in an address: ?actor=ada&object=/clusters/c-1 */
    query: { type: String },
    more: { state: true },
  };

  static styles = [
    shared,
    css`
      .filters input { width: 240px; max-width: 100%; }
      ol { list-style: none; }
      li {
        display: grid; grid-template-columns: 180px minmax(0, 1fr) minmax(0, 1.5fr) 124px; gap: 4px 14px; align-items: start; padding: 10px 16px;
        border-top: 1px solid var(--niro-line);
      }
      li:first-child { border-top: 0; }
      li > * { min-width: 0; overflow-wrap: anywhere; }
      time { color: var(--niro-muted); }
      footer { padding: 12px 16px; border-top: 1px solid var(--niro-line); }
      @media (max-width: 820px) {
        .filters > * { flex: 1 1 140px; width: auto; min-width: 0; }
        li { grid-template-columns: minmax(0, 1fr) auto; padding: 10px 14px; }
        .who, .what { grid-column: 1 / -1; }
        .outcome { grid-area: 1 / 2; }
      }
    `,
  ];

  /** By id, so that entries stay while the newest page moves on. */
  #entries = new Map();
  #names = new Map();
  #cursor = null;
  #older = new Attempt(this);
  #filters = new Filters(
    this,
    ["actor", "object"],
    (set) => links.audit(set),
    () => this.#again(),
  );
  #live = new Live(this, (signal) => this.#newest(signal));

  async #newest(signal) {
    const page = await get("/audit", { ...this.#filters.values, limit: PAGE }, signal);
    // More has happened since than a page holds: what is here would have a gap, so this is a new beginning.
    if (page.nextCursor && !page.items.some(({ id }) => this.#entries.has(id))) this.#entries.clear();
    if (this.#entries.size === 0) this.#continueFrom(page.nextCursor);
    this.#add(page.items);
    await this.#name(signal);
    return true;
  }

  #add(items) {
    for (const entry of items) this.#entries.set(entry.id, entry);
  }

  #continueFrom(cursor) {
    this.#cursor = cursor;
    this.more = cursor !== null;
  }

  /** Clusters are called by their names, those that are gone by their ids. */
  async #name(signal) {
    const ids = [...this.#entries.values()].map(clusterOf).filter((id) => id && !this.#names.has(id));
    if (ids.length === 0) return;
    const clusters = await list("/clusters", {}, signal);
    for (const { id, name } of clusters.items) this.#names.set(id, name);
    for (const id of ids) if (!this.#names.has(id)) this.#names.set(id, null);
  }

  #again() {
    this.#entries.clear();
    this.#continueFrom(null);
    this.#live.restart();
  }

  #loadMore = () =>
    this.#older.run(async () => {
      const cursor = this.#cursor;
      const page = await get("/audit", { ...this.#filters.values, limit: PAGE, cursor });
      if (cursor !== this.#cursor) return;
      this.#add(page.items);
      this.#continueFrom(page.nextCursor);
    });

  connectedCallback() {
    this.#filters.take(this.query);
    super.connectedCallback();
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has("query") && this.#filters.take(this.query)) this.#again();
  }

  render() {
    const { actor, object } = this.#filters.values;
    return html`<div class="head">
        <div class="grow">
          <h1>Audit</h1>
          <p class="muted">Who changed what, and who was refused. Kept for a year unless the server is told otherwise.</p>
        </div>
      </div>
      ${staleNote(this.#live)}
      <div class="filters row">
        <input type="search" aria-label="Who" placeholder="Who: a whole name" .value=${actor} @input=${this.#filters.typed("actor")} />
        <input
          type="search"
          aria-label="What about"
          placeholder="What about: /clusters/…"
          .value=${object}
          @input=${this.#filters.typed("object")}
        />
        ${actor || object ? html`<button class="plain" @click=${this.#clear}>Clear filters</button>` : nothing}
      </div>
      ${failureNote(this.#older)} ${this.#list(actor || object)}`;
  }

  #clear = () => this.#filters.put({ actor: "", object: "" });

  #list(filtered) {
    if (!this.#live.data) return html`<section class="panel empty">${this.#live.error ? nothing : "Loading…"}</section>`;
    const entries = [...this.#entries.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    if (entries.length === 0) return html`<section class="panel empty">${filtered ? "Nothing fits the filters." : "Nothing was changed yet."}</section>`;
    return html`<section class="panel">
      <ol>
        ${repeat(
          entries,
          ({ id }) => id,
          (entry) => this.#entry(entry),
        )}
      </ol>
      ${this.more ? html`<footer><button ?disabled=${this.#older.busy} @click=${this.#loadMore}>Load older</button></footer>` : nothing}
    </section>`;
  }

  #entry(entry) {
    const { at, actor, role, address, action, outcome, code } = entry;
    const [tone, label, title] = OUTCOMES[outcome] ?? OUTCOMES.unknown;
    return html`<li>
      <time datetime=${at}>${full(at)}</time>
      <div class="who">
        <span class="name"><bdi>${clean(actor)}</bdi></span>
        <span class="sub">${[role && words(role), address].filter(Boolean).map(clean).join(" · ")}</span>
      </div>
      <div class="what">
        <span title=${clean(action)}><bdi>${ACTIONS[action] ?? clean(action)}</bdi></span>
        <span class="sub">${this.#object(entry)}</span>
      </div>
      <div class="outcome">${badge(tone, label, title)}${code ? html`<span class="sub"><bdi>${words(code)}</bdi></span>` : nothing}</div>
    </li>`;
  }

  #object(entry) {
    const id = clusterOf(entry);
    const name = this.#names.get(id);
    const path = html`<bdi class="mono">${clean(entry.object)}</bdi>`;
    return name ? html`<a href=${links.cluster(id)} @click=${follow}><bdi>${clean(name)}</bdi></a> ${path}` : path;
  }
}

/** The id of the cluster that it is about; undefined for anything else. */
const clusterOf = ({ object }) => object.match(/^\/clusters\/([^/]+)/)?.[1];

customElements.define("niro-audit", NiroAudit);
