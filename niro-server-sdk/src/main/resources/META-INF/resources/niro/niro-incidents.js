/** <niro-incidents>: the incidents of the fleet, or of one cluster, with what is suppressed folded under its cause. */
import { html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { FilteredList } from "./niro-filtered-list.js";
import { Window } from "./niro-window.js";
import { list } from "./niro-api.js";
import { byName, clean, count, counted, place, words } from "./niro-format.js";
import { SEVERITIES, choose, skeletonRows, staleNote } from "./niro-parts.js";
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

/** What is told together, in words. */
const GROUPS = {
  fleet_silence: (clusters) => `${counted(clusters, "cluster")} went silent together: more likely one failure than many`,
};

const searched = ({ type, summary, scope, cluster }) =>
  [words(type), type, summary, scope, place(scope).join(" "), cluster.name].join("\n").toLowerCase();

/** Firing ones first, the worst of them at the top, then the newest. */
const order = (a, b) =>
  (a.state === "firing" ? 0 : 1) - (b.state === "firing" ? 0 : 1) ||
  (a.state === "firing" ? SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) : 0) ||
  Date.parse(b.since) - Date.parse(a.since) ||
  (a.id < b.id ? -1 : 1);

const isTogether = ({ state, groupKey }) => state === "firing" && groupKey;

/** What stands for incidents that are told as one: no incident itself, but shown as one. */
function groupOf(members) {
  const clusters = new Set(members.map(({ cluster }) => cluster.id)).size;
  const { groupKey, severity } = members[0];
  const since = members.map((one) => one.since).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  const summary = GROUPS[groupKey]?.(clusters) ?? `${counted(members.length, "incident")} in ${counted(clusters, "cluster")}`;
  return { id: `group ${groupKey}`, group: true, type: groupKey, severity, since, summary, clusters, state: "firing", scope: "" };
}

class NiroIncidents extends FilteredList {
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

  constructor() {
    super("incidents", ["q", "state", "severity", "type", "cluster"], ["incident"]);
  }

  get asked() {
    const { state, severity, type, cluster } = this.filters.values;
    const wanted = { "": "firing", unattended: "firing", resolved: "resolved" }[state];
    return { state: wanted ?? "", severity, type, cluster: this.cluster ? "" : cluster };
  }

  async load(signal) {
    const incidents = await list(this.path, this.asked, signal, AT_MOST);
    for (const { type } of incidents.items) this.#types.add(type);
    return incidents;
  }

  render() {
    const data = this.live.data;
    const shown = data ? this.#shown(data.items) : [];
    return html`${this.#head(data)} ${staleNote(this.live)} ${this.#selects()}
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
    const { q, state, severity, type } = this.filters.values;
    const types = [...new Set([...this.#types, type])].filter(Boolean).sort(byName);
    return html`<div class="filters row">
      <input
        type="search"
        aria-label="Filter by text"
        placeholder="Filter by text or place"
        .value=${q}
        @input=${this.filters.typed("q")}
      />
      ${choose("State", STATES[0][1], STATES.slice(1), state, this.put("state"))}
      ${choose(
        "Severity",
        "All severities",
        SEVERITIES.slice(0, 3).map((one) => [one, words(one)]),
        severity,
        this.put("severity"),
      )}
      ${choose(
        "Type",
        "All types",
        types.map((one) => [one, words(one)]),
        type,
        this.put("type"),
      )}
      ${this.clusterChoice()} ${this.clearButton()}
    </div>`;
  }

  /** Causes with what they explain below them, where that is unfolded. */
  #shown(items) {
    const { state } = this.filters.values;
    const fits = this.matching(items, searched)
      .filter((one) => state !== "unattended" || !(one.acknowledged || one.silenced))
      .sort(order);
    const ids = new Set(fits.map(({ id }) => id));
    const children = new Map();
    for (const one of fits.filter(({ suppressedBy }) => ids.has(suppressedBy)))
      children.set(one.suppressedBy, [...(children.get(one.suppressedBy) ?? []), one]);
    const rows = [];
    const add = (incident, depth, below) => {
      rows.push({ incident, depth, below: below.length });
      if (!this.open.has(incident.id) || depth >= 4) return;
      for (const one of below) add(one, depth + 1, children.get(one.id) ?? []);
    };
    for (const [incident, below] of this.#causes(fits.filter(({ suppressedBy }) => !ids.has(suppressedBy))))
      add(incident, 0, below ?? children.get(incident.id) ?? []);
    return rows;
  }

  /** Incidents, and in the place of those that are told together one entry with them below it. */
  #causes(incidents) {
    if (this.cluster) return incidents.map((one) => [one]);
    const together = new Map();
    for (const one of incidents.filter(isTogether)) together.set(one.groupKey, [...(together.get(one.groupKey) ?? []), one]);
    const folded = ({ groupKey }) => together.get(groupKey)?.length > 1;
    const alone = incidents.filter((one) => !(isTogether(one) && folded(one))).map((one) => [one]);
    const groups = [...together.values()].filter((members) => members.length > 1).map((members) => [groupOf(members), members]);
    return [...alone, ...groups].sort(([a], [b]) => order(a, b));
  }

  #rows(shown) {
    const actions = { fold: this.toggle, select: this.#select, link: (id) => this.#hrefOf(id), open: this.open };
    return this.#window.rows(shown, (visible) =>
      repeat(
        visible,
        ({ incident }) => incident.id,
        (row) => incidentRow(row, actions, !this.cluster),
      ),
    );
  }

  #hrefOf(incident) {
    return this.hrefWith({ ...this.filters.set, incident });
  }

  #select = (event, id) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.filters.put({ incident: id });
  };

  #none() {
    const { state } = this.filters.values;
    if (this.filtered && state !== "resolved")
      return html`<div class="empty">
        <p>No incident matches the filters.</p>
        <button @click=${this.clear}>Clear filters</button>
      </div>`;
    return html`<p class="empty">
      ${state === "resolved" ? "None was resolved yet." : "Nothing is firing. All is well as far as the agents see."}
    </p>`;
  }

  #panel(data) {
    const { incident } = this.filters.values;
    if (!incident) return nothing;
    const known = data?.items.find(({ id }) => id === incident);
    const explains = data?.items.filter(({ suppressedBy }) => suppressedBy === incident) ?? [];
    return html`<niro-incident
      .incident=${incident}
      .known=${known ?? null}
      .explains=${explains}
      @niro-close=${() => this.filters.put({ incident: "" })}
      @niro-show=${(event) => this.filters.put({ incident: clean(event.detail.id) })}
      @niro-changed=${() => this.live.refresh()}
    ></niro-incident>`;
  }
}

customElements.define("niro-incidents", NiroIncidents);
