/** <niro-cluster-overview>: nodes with capacity and usage, and the incidents that are open. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { clusterPath, list } from "./niro-api.js";
import { byName, bytes, clean, cores, count, counted, place, version, words } from "./niro-format.js";
import {
  SEVERITIES,
  badge,
  evidenceList,
  follow,
  links,
  sectionNote,
  severityBadge,
  since,
  skeletonRows,
  staleNote,
  text,
  usageBar,
} from "./niro-parts.js";
import { stateTags } from "./niro-incident-row.js";

const NODE_STATUS = { ready: ["good", "Ready"], notReady: ["critical", "Not ready"], unknown: ["unknown", "Unknown"] };
const NODES_AT_MOST = 1000;
const INCIDENTS_AT_MOST = 200;

class NiroClusterOverview extends LitElement {
  static properties = { cluster: { attribute: false } };

  static styles = [
    shared,
    css`
      :host { display: grid; gap: 16px; }
      td { height: 54px; }
      .usage { display: grid; gap: 3px; }
      .bar { display: block; }
      .track { fill: var(--niro-line); }
      .fill { fill: var(--tone); }
      .usage .sub { line-height: 15px; }
      .incidents { list-style: none; }
      .incidents li {
        display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 4px 12px; padding: 12px 16px;
        border-top: 1px solid var(--niro-line);
      }
      .summary { font-weight: 560; overflow-wrap: anywhere; }
      .summary a { color: inherit; }
      .states { margin-top: 4px; }
      .told { margin-top: 6px; }
      .all { padding: 10px 16px; border-top: 1px solid var(--niro-line); }
      .calm { padding: 0 16px 14px; color: var(--niro-muted); }
      col.name { width: 22%; } col.status { width: 150px; } col.version { width: 140px; }
      .role { margin-inline-end: 4px; }
      @media (max-width: 820px) {
        colgroup, thead { display: none; }
        table, tbody { display: block; }
        tbody tr {
          display: grid; grid-template-columns: 1fr 1fr; gap: 8px 12px; padding: 12px 14px; border-bottom: 1px solid var(--niro-line);
        }
        td, td:first-child, td:last-child { height: auto; padding: 0; border: 0; }
        td.status { text-align: end; } td.pods, td.version { display: none; }
        td.cpu::before { content: "CPU"; font-size: 12.5px; color: var(--niro-muted); }
        td.memory::before { content: "Memory"; font-size: 12.5px; color: var(--niro-muted); }
        .incidents li { grid-template-columns: 1fr; }
      }
    `,
  ];

  #live = new Live(
    this,
    (signal) => this.#load(signal),
    () => `overview ${this.cluster?.id}`,
  );

  async #load(signal) {
    const [nodes, incidents] = await Promise.all([
      list(clusterPath(this.cluster.id, "/nodes"), {}, signal, NODES_AT_MOST),
      list(clusterPath(this.cluster.id, "/incidents"), { state: "firing" }, signal, INCIDENTS_AT_MOST),
    ]);
    nodes.items.sort((a, b) => byName(a.name, b.name));
    incidents.items.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
    const causes = incidents.items.filter((incident) => !incident.suppressedBy);
    return { nodes, incidents: { ...incidents, items: causes, explained: incidents.items.length - causes.length } };
  }

  render() {
    const data = this.#live.data;
    return html`${staleNote(this.#live)}
      <section class="panel" aria-label="Open incidents">
        <header>
          <h2>Open incidents</h2>
          <span class="muted"
            >${data ? count(data.incidents.items.length) : ""}${data?.incidents.nextCursor ? "+" : ""}</span
          >
        </header>
        ${data ? this.#incidents(data.incidents.items) : html`<p class="calm">Loading…</p>`}
      </section>
      ${sectionNote(this.cluster.lastHeartbeatAt ? data?.nodes.section : null, "nodes")}
      <section class="panel" aria-label="Nodes">
        <header>
          <h2>Nodes</h2>
          <span class="muted">${data ? count(data.nodes.items.length) : ""}${data?.nodes.nextCursor ? "+" : ""}</span
          ><span class="grow"></span>${data ? this.#metrics(data.nodes.items) : nothing}
        </header>
        ${data?.nodes.items.length === 0 ? html`<p class="calm">No nodes reported yet.</p>` : this.#nodes(data?.nodes.items)}
      </section>`;
  }

  #incidents(items) {
    if (items.length === 0) return html`<p class="calm">None. All is well as far as the agent sees.</p>`;
    const { explained } = this.#live.data.incidents;
    return html`<ul class="incidents">
        ${repeat(
          items,
          (incident) => incident.id,
          (incident) => this.#incident(incident),
        )}
      </ul>
      ${explained ? this.#explained(explained) : nothing}`;
  }

  #explained(many) {
    return html`<p class="all">
      <a href=${links.cluster(this.cluster.id, "incidents")} @click=${follow}>${counted(many, "more incident")} explained by these</a>
    </p>`;
  }

  #incident(incident) {
    const [where, part] = place(incident.scope);
    const href = links.cluster(this.cluster.id, "incidents", { incident: incident.id });
    return html`<li>
      <div>${severityBadge(incident.severity, incident.since)}</div>
      <div>
        <p class="summary"><a href=${href} @click=${follow}><bdi>${clean(incident.summary)}</bdi></a></p>
        <p class="sub" title=${clean(incident.scope)}>
          <bdi>${words(incident.type)}</bdi> · <bdi>${clean(where)}</bdi>${part ? html`, <bdi>${clean(part)}</bdi>` : nothing}
          · ${since(incident.since)}
        </p>
        ${incident.acknowledged || incident.silenced || incident.flapping ? html`<p class="row states">${stateTags(incident)}</p>` : nothing}
        ${evidenceList(incident.evidence)}
      </div>
    </li>`;
  }

  #metrics(nodes) {
    const measured = nodes.some((node) => node.usage.cpuMillis !== null || node.usage.memoryBytes !== null);
    return measured || nodes.length === 0
      ? nothing
      : html`<span class="muted">No usage: this cluster has no metrics-server</span>`;
  }

  #nodes(nodes) {
    return html`<table aria-label="Nodes">
      <colgroup>
        <col class="name" />
        <col class="status" />
        <col class="version" />
        <col />
        <col />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">Status</th>
          <th scope="col">Version</th>
          <th scope="col">CPU</th>
          <th scope="col">Memory</th>
          <th scope="col">Pods</th>
        </tr>
      </thead>
      <tbody>
        ${
          nodes
            ? repeat(
                nodes,
                (node) => node.uid,
                (node) => this.#node(node),
              )
            : skeletonRows(6, 3)
        }
      </tbody>
    </table>`;
  }

  #node(node) {
    const [tone, label] = NODE_STATUS[node.status] ?? NODE_STATUS.unknown;
    const { capacity, usage } = node;
    return html`<tr>
      <td>
        <span class="name">${text(node.name)}</span
        ><span class="sub"
          >${node.roles.length ? node.roles.map((role) => html`<bdi class="role">${clean(role)}</bdi>`) : "worker"}</span
        >
      </td>
      <td class="status">${badge(tone, label)}${node.cordoned ? html`<span class="sub">cordoned</span>` : nothing}</td>
      <td class="version" title=${clean(node.osImage)}>
        <span class="mono">${version(node.kubeletVersion)}</span><span class="sub">${clean(node.architecture)}</span>
      </td>
      <td class="cpu">${this.#usage("CPU", usage.cpuMillis, capacity.cpuMillis, cores, " cores")}</td>
      <td class="memory">${this.#usage("Memory", usage.memoryBytes, capacity.memoryBytes, bytes, "")}</td>
      <td class="pods">${this.#usage("Pods", usage.pods, capacity.pods, count, "")}</td>
    </tr>`;
  }

  #usage(label, used, total, shown, unit) {
    const all = `${shown(total)}${unit}`;
    return used === null || used === undefined
      ? html`<span class="muted">${all}</span><span class="sub">no figures</span>`
      : usageBar(label, used, total, `${shown(used)} of ${all}`);
  }
}

customElements.define("niro-cluster-overview", NiroClusterOverview);
