/** <niro-fleet>: all clusters with status, reason and heartbeat. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { list, may } from "./niro-api.js";
import { Window } from "./niro-window.js";
import { byName, clean, count, counted, full, sentence, version, words } from "./niro-format.js";
import {
  ENVIRONMENTS,
  SEVERITIES,
  STATUSES,
  environmentTag,
  icon,
  follow,
  links,
  since,
  skeletonRows,
  staleNote,
  statusBadge,
  text,
} from "./niro-parts.js";
import "./niro-add-cluster.js";

const rank = (cluster) => STATUSES.indexOf(cluster.status);
const severity = (incident) => SEVERITIES.indexOf(incident.severity);
const INCIDENTS_AT_MOST = 1000;
const absentLast = (value, missing) => value ?? missing;

/** Columns: heading, class, order of two clusters. */
const COLUMNS = [
  ["status", "Status", "", (a, b) => rank(a) - rank(b)],
  ["name", "Cluster", "", (a, b) => byName(a.name, b.name)],
  ["why", "Why", "", null],
  [
    "environment",
    "Environment",
    "",
    (a, b) => ENVIRONMENTS.indexOf(a.environment) - ENVIRONMENTS.indexOf(b.environment),
  ],
  ["version", "Kubernetes", "", (a, b) => byName(a.kubernetesVersion ?? "", b.kubernetesVersion ?? "")],
  ["nodes", "Nodes", "number", (a, b) => absentLast(b.nodes, -1) - absentLast(a.nodes, -1)],
  ["pods", "Pods", "number", (a, b) => absentLast(b.pods, -1) - absentLast(a.pods, -1)],
  ["incidents", "Incidents", "number", (a, b) => b.openIncidents - a.openIncidents],
  [
    "heartbeat",
    "Last heartbeat",
    "number",
    (a, b) => Date.parse(a.lastHeartbeatAt ?? 0) - Date.parse(b.lastHeartbeatAt ?? 0),
  ],
];

const sum = (clusters, of) => clusters.reduce((total, cluster) => total + (of(cluster) ?? 0), 0);

const summaryOf = (clusters) =>
  [
    counted(clusters.length, "cluster"),
    counted(sum(clusters, (one) => one.nodes), "node"),
    counted(sum(clusters, (one) => one.pods), "pod"),
    counted(sum(clusters, (one) => one.openIncidents), "open incident"),
  ].join(" · ");

/** What the text filter looks at. */
const searched = ({ name, id, kubernetesVersion, labels }) =>
  [name, id, kubernetesVersion ?? "", ...Object.entries(labels).map((one) => one.join("="))].join("\n").toLowerCase();

class NiroFleet extends LitElement {
  static properties = {
    q: { state: true },
    status: { state: true },
    environment: { state: true },
    sort: { state: true },
    reversed: { state: true },
  };

  static styles = [
    shared,
    css`
      .head { display: flex; align-items: flex-end; gap: 12px; flex-wrap: wrap; margin-bottom: 14px; }
      .counts { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 8px; margin-bottom: 12px; }
      .counts button {
        justify-content: flex-start; align-items: center; gap: 9px; min-height: 46px; padding: 4px 12px; border-color: var(--niro-line);
        text-align: start;
      }
      .counts button strong { font-size: 19px; font-weight: 640; }
      .counts button svg { width: 16px; height: 16px; flex: none; color: var(--tone); }
      .counts button[data-none] strong, .counts button[data-none] svg { color: var(--niro-muted); font-weight: 480; }
      .counts button[aria-pressed="true"] {
        border-color: var(--tone); background: var(--tone-soft); box-shadow: inset 0 0 0 1px var(--tone);
      }
      .filters { margin-bottom: 12px; }
      .filters input { width: 280px; max-width: 100%; }
      col.status { width: 134px; } col.name { width: 16%; } col.environment { width: 114px; } col.version { width: 122px; }
      col.nodes, col.pods { width: 64px; } col.incidents { width: 90px; } col.heartbeat { width: 134px; }
      .open { font-weight: 620; }
      @media (max-width: 1080px) {
        .version { display: none; } col.name { width: 24%; }
      }
      @media (max-width: 820px) {
        .counts { grid-template-columns: repeat(3, minmax(0, 1fr)); }
        .counts button { gap: 7px; padding: 4px 9px; font-size: 13px; }
        .filters > * { flex: 1 1 150px; width: auto; }
        colgroup, thead { display: none; }
        table, tbody { display: block; }
        tbody tr:not(.gap) {
          display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 2px 12px; padding: 10px 14px; height: 104px;
          border-bottom: 1px solid var(--niro-line);
        }
        tbody tr.gap { display: block; }
        td, td:first-child, td:last-child { height: auto; padding: 0; border: 0; }
        td.name { grid-area: 1 / 1 / 2 / 3; } td.status { grid-area: 1 / 3; } td.why { grid-area: 2 / 1 / 3 / 4; }
        td.environment { grid-area: 3 / 1; } td.pods { grid-area: 3 / 2; } td.heartbeat { grid-area: 3 / 3; }
        td.nodes, td.incidents { display: none; }
        td.pods::after { content: " pods"; }
        td.heartbeat, td.pods { font-size: 13px; color: var(--niro-muted); }
      }
    `,
  ];

  constructor() {
    super();
    Object.assign(this, { q: "", status: [], environment: "", sort: "status", reversed: false });
  }

  #live = new Live(
    this,
    (signal) => this.#load(signal),
    () => "fleet",
  );
  #window = new Window(this, COLUMNS.length, 48, 104);

  /** The clusters, and their worst incidents: what an operator wants to read as the reason. */
  async #load(signal) {
    const [clusters, incidents] = await Promise.all([
      list("/clusters", {}, signal),
      list("/incidents", { state: "firing" }, signal, INCIDENTS_AT_MOST).catch(() => ({ items: [] })),
    ]);
    const worst = new Map();
    for (const incident of incidents.items.filter(({ suppressedBy }) => !suppressedBy)) {
      const other = worst.get(incident.cluster.id);
      if (!other || severity(incident) < severity(other)) worst.set(incident.cluster.id, incident);
    }
    return { items: clusters.items, worst };
  }

  #why(cluster) {
    const incident = ["critical", "warning"].includes(cluster.status) ? this.#live.data.worst.get(cluster.id) : null;
    return sentence(incident?.summary ?? cluster.statusReason);
  }

  get #shown() {
    const needle = this.q.trim().toLowerCase();
    const matches = (cluster) =>
      (this.status.length === 0 || this.status.includes(cluster.status)) &&
      (!this.environment || cluster.environment === this.environment) &&
      (!needle || searched(cluster).includes(needle));
    const order = COLUMNS.find(([id]) => id === this.sort)[3];
    const direction = this.reversed ? -1 : 1;
    return this.#live.data.items
      .filter(matches)
      .sort((a, b) => direction * order(a, b) || byName(a.name, b.name) || (a.id < b.id ? -1 : 1));
  }

  render() {
    const clusters = this.#live.data?.items;
    return html`
      ${this.#head(clusters)} ${staleNote(this.#live)}
      ${clusters?.length === 0 ? this.#welcome() : html`${this.#counts(clusters ?? [])} ${this.#filters()} ${this.#table(clusters)}`}
      <niro-add-cluster @niro-changed=${() => this.#live.refresh()}></niro-add-cluster>
    `;
  }

  #head(clusters) {
    const summary = clusters ? summaryOf(clusters) : "Loading…";
    return html`<div class="head">
      <div class="grow">
        <h1>Fleet</h1>
        <p class="muted">${summary}</p>
      </div>
      ${clusters?.length === 0 || !may("write") ? nothing : html`<button class="primary" @click=${this.#add}>Add cluster</button>`}
    </div>`;
  }

  #add = () => this.renderRoot.querySelector("niro-add-cluster").open();

  #welcome() {
    if (!may("write")) return html`<section class="panel empty"><h2>No cluster yet</h2></section>`;
    return html`<section class="panel empty">
      <h2>No cluster yet</h2>
      <p>Add the first one: you get one command to run on it, and it shows up here with its first heartbeat.</p>
      <button class="primary" @click=${this.#add}>Add your first cluster</button>
    </section>`;
  }

  #counts(clusters) {
    return html`<div class="counts" role="group" aria-label="Filter by status">
      ${STATUSES.map((status) => {
        const many = clusters.filter((cluster) => cluster.status === status).length;
        return html`<button
          class=${status}
          aria-pressed=${this.status.includes(status)}
          ?data-none=${many === 0}
          @click=${() => this.#toggle(status)}
        >
          ${icon(status)}<strong>${count(many)}</strong><span class="muted">${words(status)}</span>
        </button>`;
      })}
    </div>`;
  }

  #toggle(status) {
    this.status = this.status.includes(status) ? this.status.filter((one) => one !== status) : [...this.status, status];
  }

  #filters() {
    return html`<div class="filters row">
      <input
        type="search"
        aria-label="Filter by name, id, version or label"
        placeholder="Filter by name, version or label"
        .value=${this.q}
        @input=${(event) => (this.q = event.target.value)}
      />
      <select aria-label="Environment" @change=${(event) => (this.environment = event.target.value)}>
        <option value="">All environments</option>
        ${ENVIRONMENTS.map((one) => html`<option value=${one} ?selected=${one === this.environment}>${words(one)}</option>`)}
      </select>
      ${this.#filtered ? html`<button class="plain" @click=${this.#clear}>Clear filters</button>` : nothing}
    </div>`;
  }

  get #filtered() {
    return this.q || this.environment || this.status.length > 0;
  }

  #clear = () => Object.assign(this, { q: "", status: [], environment: "" });

  #table(clusters) {
    const shown = clusters ? this.#shown : [];
    return html`<div class="panel">
      <table aria-label="Clusters" aria-rowcount=${shown.length + 1}>
        <colgroup>
          ${COLUMNS.map(([id]) => html`<col class=${id} />`)}
        </colgroup>
        <thead>
          <tr>
            ${COLUMNS.map((column) => this.#heading(column))}
          </tr>
        </thead>
        <tbody>
          ${
            clusters
              ? this.#window.rows(shown, (visible) =>
                  repeat(
                    visible,
                    (cluster) => cluster.id,
                    (cluster) => this.#row(cluster),
                  ),
                )
              : skeletonRows(COLUMNS.length)
          }
        </tbody>
      </table>
      ${
        clusters && shown.length === 0
          ? html`<div class="empty">
              <p>No cluster matches the filters.</p>
              <button @click=${this.#clear}>Clear filters</button>
            </div>`
          : nothing
      }
    </div>`;
  }

  #heading([id, label, kind, order]) {
    if (!order) return html`<th scope="col" class="${id} ${kind}">${label}</th>`;
    const current = this.sort === id;
    const direction = this.reversed ? "descending" : "ascending";
    return html`<th scope="col" class="${id} ${kind}" aria-sort=${current ? direction : nothing}>
      <button @click=${() => this.#sortBy(id)}>
        ${label}${current ? html`<span aria-hidden="true">${this.reversed ? "↑" : "↓"}</span>` : nothing}
      </button>
    </th>`;
  }

  #sortBy(id) {
    this.reversed = this.sort === id && !this.reversed;
    this.sort = id;
  }

  #row(cluster) {
    return html`<tr>
      <td class="status">${statusBadge(cluster)}</td>
      <td class="name">
        <a class="name cut" href=${links.cluster(cluster.id)} @click=${follow}>${text(cluster.name)}</a>
      </td>
      <td
        class="why"
        title="${this.#why(cluster)} · ${sentence(cluster.statusReason)} (since ${full(cluster.statusSince)})"
      >
        <bdi>${this.#why(cluster)}</bdi><span class="sub">${since(cluster.statusSince)}</span>
      </td>
      <td class="environment">${environmentTag(cluster.environment)}</td>
      <td class="version mono" title=${clean(cluster.kubernetesVersion)}>${version(cluster.kubernetesVersion)}</td>
      <td class="nodes number">${count(cluster.nodes)}</td>
      <td class="pods number">${count(cluster.pods)}</td>
      <td class="incidents number ${cluster.openIncidents ? "open" : "muted"}">
        ${
          cluster.openIncidents
            ? html`<a href=${links.cluster(cluster.id, "incidents")} @click=${follow}>${count(cluster.openIncidents)}</a>`
            : "0"
        }
      </td>
      <td class="heartbeat number"><niro-ago .at=${cluster.lastHeartbeatAt}></niro-ago></td>
    </tr>`;
  }
}

customElements.define("niro-fleet", NiroFleet);
