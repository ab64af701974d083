/** <niro-incidents>: the incidents of the fleet, or of one cluster, with what is suppressed folded under its cause. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Filters } from "./niro-state.js";
import { Window } from "./niro-window.js";
import { clusterPath, list } from "./niro-api.js";
import { byName, clean, count, place, words } from "./niro-format.js";
import { SEVERITIES, choose, links, skeletonRows, staleNote } from "./niro-parts.js";
import { incidentRow, rowStyle } from "./niro-incident-row.js";
import "./niro-incident.js";

const AT_MOST = 1000;
const COLUMNS = ["Severity", "Incident", "Cluster", "Where", "Since", "State"];
const STATES = [
  ["", "Firing"],
  ["unattended", "Firing, nobody on it"],
  ["resolved", "Resolved"],
  ["all", "Firing and resolved"],
];

const searched = ({ type, summary, scope, cluster }) =>
  [words(type), type, summary, scope, place(scope).join(" "), cluster.name].join("\n").toLowerCase();

/** Firing ones first, the worst of them at the top, then the newest. */
const order = (a, b) =>
  (a.state === "firing" ? 0 : 1) - (b.state === "firing" ? 0 : 1) ||
  (a.state === "firing" ? SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) : 0) ||
  Date.parse(b.since) - Date.parse(a.since) ||
  (a.id < b.id ? -1 : 1);

class NiroIncidents extends LitElement {
  static properties = {
    /** Only those of this cluster. */
    cluster: { type: String },
    /** The filters to start with, as in an address: ?severity=high&incident=… */
    query: { type: String },
    open: { state: true },
  };

  static styles = [
    shared,
    rowStyle,
    css`
      .filters input { width: 240px; max-width: 100%; }
      @media (max-width: 820px) { .filters > * { flex: 1 1 140px; width: auto; min-width: 0; } }
    `,
  ];

  #types = new Set();
  #window = new Window(this, COLUMNS.length, 56, 120);
  #filters = new Filters(
    this,
    ["q", "state", "severity", "type", "cluster", "incident"],
    (set) => (this.cluster ? links.cluster(this.cluster, "incidents", set) : links.incidents(set)),
    () => this.#live.refresh(),
  );
  #clusters = new Live(
    this,
    async (signal) => (this.cluster ? { items: [] } : list("/clusters", {}, signal)),
    () => (this.cluster ? null : "clusters"),
  );
  #live = new Live(
    this,
    (signal) => this.#load(signal),
    () => `incidents ${this.cluster ?? ""} ${JSON.stringify(this.#asked)}`,
  );

  constructor() {
    super();
    this.open = new Set();
  }

  get #asked() {
    const { state, severity, type, cluster } = this.#filters.values;
    const wanted = { "": "firing", unattended: "firing", resolved: "resolved" }[state];
    return { state: wanted ?? "", severity, type, cluster: this.cluster ? "" : cluster };
  }

  async #load(signal) {
    const path = this.cluster ? clusterPath(this.cluster, "/incidents") : "/incidents";
    const incidents = await list(path, this.#asked, signal, AT_MOST);
    for (const { type } of incidents.items) this.#types.add(type);
    return incidents;
  }

  connectedCallback() {
    this.#filters.take(this.query);
    super.connectedCallback();
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has("query") && this.#filters.take(this.query)) this.#live.refresh();
  }

  render() {
    const data = this.#live.data;
    const shown = data ? this.#shown(data.items) : [];
    return html`${this.#head(data)} ${staleNote(this.#live)} ${this.#selects()}
      <div class="panel">
        <table aria-label="Incidents" class=${this.cluster ? "one" : ""} aria-rowcount=${shown.length + 1}>
          <colgroup>
            ${COLUMNS.map((label) => html`<col class=${label.toLowerCase()} />`)}
          </colgroup>
          <thead>
            <tr>
              ${COLUMNS.map((label) => html`<th scope="col" class=${label.toLowerCase()}>${label}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${data ? this.#rows(shown) : skeletonRows(COLUMNS.length)}
          </tbody>
        </table>
        ${data && shown.length === 0 ? this.#none() : nothing}
      </div>
      ${this.#panel(data)}`;
  }

  #head(data) {
    const firing = data?.items.filter((incident) => incident.state === "firing") ?? [];
    const explained = firing.filter((incident) => incident.suppressedBy).length;
    const more = data?.nextCursor ? "+" : "";
    const told = data
      ? `${count(firing.length - explained)}${more} firing${explained ? `, ${count(explained)} more explained by these` : ""}`
      : "Loading…";
    return html`<div class="head">
      <div class="grow">
        ${this.cluster ? html`<h2>Incidents</h2>` : html`<h1>Incidents</h1>`}
        <p class="muted" role="status">${told}</p>
      </div>
    </div>`;
  }

  #selects() {
    const { q, state, severity, type, cluster } = this.#filters.values;
    const put = (name) => (value) => this.#filters.put({ [name]: value });
    const types = [...new Set([...this.#types, type])].filter(Boolean).sort(byName);
    const clusters = [...(this.#clusters.data?.items ?? [])].sort((a, b) => byName(a.name, b.name));
    return html`<div class="filters row">
      <input
        type="search"
        aria-label="Filter by text"
        placeholder="Filter by text or place"
        .value=${q}
        @input=${this.#filters.typed("q")}
      />
      ${choose("State", STATES[0][1], STATES.slice(1), state, put("state"))}
      ${choose(
        "Severity",
        "All severities",
        SEVERITIES.slice(0, 3).map((one) => [one, words(one)]),
        severity,
        put("severity"),
      )}
      ${choose(
        "Type",
        "All types",
        types.map((one) => [one, words(one)]),
        type,
        put("type"),
      )}
      ${
        this.cluster
          ? nothing
          : choose(
              "Cluster",
              "All clusters",
              clusters.map(({ id, name }) => [id, name]),
              cluster,
              put("cluster"),
            )
      }
      ${this.#filtered ? html`<button class="plain" @click=${this.#clear}>Clear filters</button>` : nothing}
    </div>`;
  }

  get #filtered() {
    const { q, state, severity, type, cluster } = this.#filters.values;
    return q || state || severity || type || cluster;
  }

  #clear = () => this.#filters.put({ q: "", state: "", severity: "", type: "", cluster: "" });

  /** Causes with what they explain below them, where that is unfolded. */
  #shown(items) {
    const { q, state } = this.#filters.values;
    const needle = q.trim().toLowerCase();
    const fits = items
      .filter((one) => !needle || searched(one).includes(needle))
      .filter((one) => state !== "unattended" || !(one.acknowledged || one.silenced))
      .sort(order);
    const ids = new Set(fits.map(({ id }) => id));
    const children = new Map();
    for (const one of fits.filter(({ suppressedBy }) => ids.has(suppressedBy)))
      children.set(one.suppressedBy, [...(children.get(one.suppressedBy) ?? []), one]);
    const rows = [];
    const add = (incident, depth) => {
      const below = children.get(incident.id) ?? [];
      rows.push({ incident, depth, below: below.length });
      if (this.open.has(incident.id) && depth < 4) below.forEach((one) => add(one, depth + 1));
    };
    fits.filter(({ suppressedBy }) => !ids.has(suppressedBy)).forEach((one) => add(one, 0));
    return rows;
  }

  #rows(shown) {
    const actions = { fold: this.#fold, select: this.#select, link: (id) => this.#hrefOf(id), open: this.open };
    return this.#window.rows(shown, (visible) =>
      repeat(
        visible,
        ({ incident }) => incident.id,
        (row) => incidentRow(row, actions, !this.cluster),
      ),
    );
  }

  #hrefOf(incident) {
    const set = { ...this.#filters.set, incident };
    return this.cluster ? links.cluster(this.cluster, "incidents", set) : links.incidents(set);
  }

  #fold = (id) => {
    const open = new Set(this.open);
    if (!open.delete(id)) open.add(id);
    this.open = open;
  };

  #select = (event, id) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.#filters.put({ incident: id });
  };

  #none() {
    const { state } = this.#filters.values;
    if (this.#filtered && state !== "resolved")
      return html`<div class="empty">
        <p>No incident matches the filters.</p>
        <button @click=${this.#clear}>Clear filters</button>
      </div>`;
    return html`<p class="empty">
      ${state === "resolved" ? "None was resolved yet." : "Nothing is firing. All is well as far as the agents see."}
    </p>`;
  }

  #panel(data) {
    const { incident } = this.#filters.values;
    if (!incident) return nothing;
    const known = data?.items.find(({ id }) => id === incident);
    const explains = data?.items.filter(({ suppressedBy }) => suppressedBy === incident) ?? [];
    return html`<niro-incident
      .incident=${incident}
      .known=${known ?? null}
      .explains=${explains}
      @niro-close=${() => this.#filters.put({ incident: "" })}
      @niro-show=${(event) => this.#filters.put({ incident: clean(event.detail.id) })}
      @niro-changed=${() => this.#live.refresh()}
    ></niro-incident>`;
  }
}

customElements.define("niro-incidents", NiroIncidents);
