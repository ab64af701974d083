/** One row of a list of incidents. */
import { html, css, nothing } from "lit";
import { now } from "./niro-api.js";
import { clean, count, counted, full, place, short, words } from "./niro-format.js";
import { follow, links, severityBadge, text } from "./niro-parts.js";

export const rowStyle = css`
  td { height: 56px; }
  col.severity { width: 124px; } col.cluster { width: 15%; } col.where { width: 20%; } col.since { width: 104px; } col.state { width: 176px; }
  table.one .cluster { display: none; }
  td.incident { white-space: normal; }
  .line { display: flex; align-items: baseline; gap: 8px; min-width: 0; }
  .line a { color: var(--niro-text); }
  td.incident .sub { white-space: nowrap; }
  .fold { min-height: 22px; padding: 0 7px; font-size: 12.5px; border-color: var(--niro-line); color: var(--niro-muted); flex: none; }
  tr.child td { background: var(--niro-sunken); }
  tr.child td.incident { padding-inline-start: 30px; }
  tr.child.deep td.incident { padding-inline-start: 46px; }
  tr.over .badge { opacity: 0.7; }
  td.state .tag { display: block; width: fit-content; margin: 1px 0; line-height: 19px; }
  @media (max-width: 1080px) { col.where { width: 18%; } col.state { width: 150px; } }
  @media (max-width: 820px) {
    colgroup, thead { display: none; }
    table, tbody { display: block; }
    tbody tr:not(.gap) {
      display: grid; grid-template-columns: minmax(0, 1fr) auto; grid-template-rows: auto auto auto; align-content: center; gap: 3px 12px;
      padding: 10px 14px; height: 120px; border-bottom: 1px solid var(--niro-line);
    }
    tbody tr.gap { display: block; }
    td, td:first-child, td:last-child, tr.child td.incident { height: auto; padding: 0; border: 0; }
    td.severity { grid-area: 1 / 1; } td.since { grid-area: 1 / 2; text-align: end; } td.incident { grid-area: 2 / 1 / 3 / 3; }
    td.cluster { grid-area: 3 / 1; font-size: 13px; } td.where { display: none; } td.state { grid-area: 3 / 2; text-align: end; } td.state .tag { margin-inline-start: auto; }
    tr.child td { background: none; } tr.child { background: var(--niro-sunken); }
    td.since .sub { display: none; }
    td.state .tag:nth-of-type(n + 2) { display: none; }
  }
`;

/** Who has it, or how it ended: in a few words, with the whole as title. */
export function stateTags(incident) {
  if (incident.state === "resolved") {
    const why = incident.resolution ? `: ${words(incident.resolution)}` : "";
    return html`<span class="tag good" title="Resolved ${full(incident.resolvedAt)}${why}">resolved</span>
      <span class="sub"><niro-ago .at=${incident.resolvedAt}></niro-ago></span>`;
  }
  const { acknowledged, silenced, suppressedBy, flapping } = incident;
  if (!(acknowledged || silenced || suppressedBy || flapping)) return html`<span class="muted">firing</span>`;
  return html`${suppressedBy ? html`<span class="tag" title="Another incident is its cause; nobody is told of this one">explained</span>` : nothing}
  ${
    acknowledged
      ? html`<span class="tag good" title=${tookIt(acknowledged)}>taken by <bdi>${clean(acknowledged.by)}</bdi></span>`
      : nothing
  }
  ${
    silenced
      ? html`<span class="tag" title="By ${clean(silenced.by)}: ${clean(silenced.reason)} (until ${full(silenced.until)})"
          >silent until ${short(silenced.until, now())}</span
        >`
      : nothing
  }
  ${flapping ? html`<span class="tag warn" title="It comes and goes too often to be told each time">flapping</span>` : nothing}`;
}

const tookIt = ({ by, at, note }) => `Acknowledged by ${clean(by)}, ${full(at)}${note ? `: ${clean(note)}` : ""}`;

/** `row` is an incident with its depth and how many it explains; `actions` are what its links and buttons do. */
export function incidentRow({ incident, depth, below }, actions, withCluster) {
  if (incident.group) return groupRow(incident, below, actions);
  const [where, part] = place(incident.scope);
  const classes = [depth ? "child" : "", depth > 1 ? "deep" : "", incident.state === "firing" ? "" : "over"];
  return html`<tr class=${classes.join(" ")}>
    <td class="severity">${severityBadge(incident.severity, incident.since)}</td>
    <td class="incident">
      <span class="line">
        <a
          class="name cut"
          href=${actions.link(incident.id)}
          @click=${(event) => actions.select(event, incident.id)}
          ><bdi>${words(incident.type)}</bdi></a
        >${below ? foldButton(incident, below, actions) : nothing}
      </span>
      <span class="sub" title=${clean(incident.summary)}><bdi>${clean(incident.summary)}</bdi></span>
    </td>
    <td class="cluster">
      ${
        withCluster
          ? html`<a href=${links.cluster(incident.cluster.id, "incidents")} @click=${follow}>${text(incident.cluster.name)}</a>`
          : nothing
      }
    </td>
    <td class="where" title=${clean(incident.scope)}><bdi>${clean(where)}</bdi><span class="sub"><bdi>${clean(part)}</bdi></span></td>
    <td class="since">
      <niro-ago plain .at=${incident.since}></niro-ago><span class="sub">${short(incident.since, now())}</span>
    </td>
    <td class="state">${stateTags(incident)}</td>
  </tr>`;
}

/** The row of incidents that are told as one, which has no page of its own. */
function groupRow(group, below, actions) {
  return html`<tr class="together">
    <td class="severity">${severityBadge(group.severity, group.since)}</td>
    <td class="incident">
      <span class="line"><span class="name cut">${words(group.type)}</span>${foldButton(group, below, actions)}</span>
      <span class="sub" title=${group.summary}>${group.summary}</span>
    </td>
    <td class="cluster">${counted(group.clusters, "cluster")}</td>
    <td class="where">Fleet</td>
    <td class="since">
      <niro-ago plain .at=${group.since}></niro-ago><span class="sub">${short(group.since, now())}</span>
    </td>
    <td class="state"><span class="muted">told as one</span></td>
  </tr>`;
}

function foldButton(incident, below, actions) {
  const open = actions.open.has(incident.id);
  const title = incident.group ? "incidents that are told as one" : "that this one explains";
  return html`<button
    class="fold"
    aria-expanded=${open}
    title=${incident.group ? `${count(below)} ${title}` : `${counted(below, "incident")} ${title}`}
    @click=${() => actions.fold(incident.id)}
  >
    <span aria-hidden="true">${open ? "▾" : "▸"}</span>${incident.group ? `${count(below)} incidents` : `explains ${below}`}
  </button>`;
}
