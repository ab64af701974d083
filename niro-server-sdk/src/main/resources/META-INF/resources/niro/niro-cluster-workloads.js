/** <niro-cluster-workloads>: pods counted by namespace and phase. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { clusterPath, list } from "./niro-api.js";
import { count } from "./niro-format.js";
import { follow, links, sectionNote, skeletonRows, staleNote, text } from "./niro-parts.js";

const PHASES = ["Running", "Pending", "Failed", "Unknown", "Succeeded"];
const TONES = { Pending: "pending", Failed: "critical", Unknown: "unknown" };

class NiroClusterWorkloads extends LitElement {
  static properties = { cluster: { attribute: false } };

  static styles = [
    shared,
    css`
      td { height: 38px; }
      col.namespace { width: 34%; }
      .zero { color: color-mix(in srgb, var(--niro-muted) 75%, var(--niro-surface)); }
      .toned { font-weight: 620; }
      tfoot td, tfoot th {
        border-bottom: 0; border-top: 1px solid var(--niro-line); font-weight: 620; color: var(--niro-text); font-size: 14px;
      }
      tbody tr:last-child > td { border-bottom: 0; }
      @media (max-width: 600px) { th, td { padding: 0 6px; } th { font-size: 11px; } col.namespace { width: 30%; } }
    `,
  ];

  #live = new Live(
    this,
    (signal) => list(clusterPath(this.cluster.id, "/workloads"), {}, signal),
    () => `workloads ${this.cluster?.id}`,
  );

  render() {
    const data = this.#live.data;
    return html`${staleNote(this.#live)} ${sectionNote(this.cluster.lastHeartbeatAt ? data?.section : null, "pods")}
      <section class="panel">
        ${data?.items.length === 0 ? html`<p class="empty">No pods reported yet.</p>` : this.#table(data?.items)}
      </section>`;
  }

  #table(items) {
    return html`<table aria-label="Pods by namespace and phase">
      <colgroup>
        <col class="namespace" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Namespace</th>
          ${PHASES.map((phase) => html`<th scope="col" class="number">${phase}</th>`)}
          <th scope="col" class="number">Pods</th>
        </tr>
      </thead>
      <tbody>
        ${
          items
            ? repeat(
                items,
                (item) => item.namespace,
                (item) => this.#row(item),
              )
            : skeletonRows(7)
        }
      </tbody>
      ${items ? this.#totals(items) : nothing}
    </table>`;
  }

  #row(item) {
    const target = links.pods({ cluster: this.cluster.id, namespace: item.namespace });
    return html`<tr>
      <td><a href=${target} @click=${follow}>${text(item.namespace)}</a></td>
      ${PHASES.map((phase) => this.#cell(phase, item.phases[phase]))}
      <td class="number">${count(item.pods)}</td>
    </tr>`;
  }

  #cell(phase, pods) {
    const tone = TONES[phase] ? `toned ${TONES[phase]}` : "";
    return html`<td class="number ${pods === 0 ? "zero" : tone}">${count(pods)}</td>`;
  }

  #totals(items) {
    const sum = (of) => items.reduce((total, item) => total + of(item), 0);
    return html`<tfoot>
      <tr>
        <th scope="row">${count(items.length)} ${items.length === 1 ? "namespace" : "namespaces"}</th>
        ${PHASES.map((phase) => html`<td class="number">${count(sum((item) => item.phases[phase]))}</td>`)}
        <td class="number">${count(sum((item) => item.pods))}</td>
      </tr>
    </tfoot>`;
  }
}

customElements.define("niro-cluster-workloads", NiroClusterWorkloads);
