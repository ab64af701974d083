/** Small templates that the screens share. All of them put foreign text into text nodes and attributes only. */
import { html, svg, nothing } from "lit";
import { clean, count, full, sentence, short, words } from "./niro-format.js";
import { now } from "./niro-api.js";
import "./niro-live.js";

const ICONS = {
  healthy: svg`
    <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6"/>
    <path d="M5 8.2l2.1 2.1L11 6.2" fill="none" stroke="currentColor" stroke-width="1.7"/>`,
  warning: svg`
    <path d="M8 1.8L15 14H1z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/>
    <path d="M8 6v4M8 11.4v1.2" stroke="currentColor" stroke-width="1.6"/>`,
  critical: svg`
    <path d="M5 1.2h6L14.8 5v6L11 14.8H5L1.2 11V5z" fill="currentColor"/>
    <path d="M8 4v5M8 10.4V12" stroke="var(--tone-soft, #fff)" stroke-width="1.8"/>`,
  unknown: svg`
    <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="3 2"/>
    <path d="M6.2 6.2a1.9 1.9 0 1 1 2.6 2c-.6.3-.8.6-.8 1.2M8 11v1.2" fill="none" stroke="currentColor" stroke-width="1.5"/>`,
  offline: svg`
    <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6"/>
    <path d="M3.6 12.4l8.8-8.8" stroke="currentColor" stroke-width="1.6"/>`,
  pending: svg`
    <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6"/>
    <path d="M8 4.2V8l2.6 1.6" fill="none" stroke="currentColor" stroke-width="1.6"/>`,
};
Object.assign(ICONS, {
  good: ICONS.healthy,
  high: ICONS.critical,
  medium: ICONS.warning,
  low: ICONS.pending,
  info: ICONS.pending,
});

/** Worst first: the order in which an operator looks. */
export const STATUSES = ["critical", "offline", "unknown", "warning", "pending", "healthy"];
export const ENVIRONMENTS = ["production", "staging", "dev", "unspecified"];
export const SEVERITIES = ["high", "medium", "low", "info"];

/** Foreign text, kept apart from its surroundings and with the whole of it as title. */
export const text = (value) => html`<bdi title=${clean(value)}>${clean(value)}</bdi>`;

/** That more of a text is not shown. */
export const tooLong = (value, most) =>
  value.length > most ? html`<span class="muted">… ${count(value.length - most)} more characters</span>` : nothing;

/** A foreign text of any length, with the beginning of it. */
export const beginning = (value, most = 2000) => html`<bdi>${clean(String(value).slice(0, most))}</bdi>${tooLong(String(value), most)}`;

/** The picture of a status, a severity, or good. */
export const icon = (tone) => html`<svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[tone] ?? ICONS.unknown}</svg>`;

/** A coloured word with a picture; `tone` is a status, a severity, or good. */
export const badge = (tone, label = words(tone), title = "") =>
  html`<span class="badge ${clean(tone)}" title=${clean(title) || nothing}
    >${icon(tone)}<bdi class="cut">${clean(label)}</bdi></span
  >`;

/** A cluster's status with its reason as title. */
export const statusBadge = (cluster) =>
  badge(
    cluster.status,
    words(cluster.status),
    `${sentence(cluster.statusReason)} (since ${full(cluster.statusSince)})`,
  );

export const environmentTag = (environment) =>
  html`<span class="tag ${clean(environment)}">${clean(environment)}</span>`;

/** "since 14:02 (12 min)", ticking. */
export const since = (iso) => html`since ${short(iso, now())} (<niro-ago plain .at=${iso}></niro-ago>)`;

/** A badge of a severity that says since when. */
export const severityBadge = (severity, iso) => badge(severity, words(severity), iso ? `Since ${full(iso)}` : "");

/** Evidence as a list of names with their lines. */
export const evidenceList = (evidence) =>
  html`<dl class="told exact">
    ${Object.entries(evidence).map(
      ([name, lines]) =>
        html`<dt><bdi>${words(name)}</bdi></dt>
          <dd>${lines.map((line) => html`<div><bdi>${clean(line)}</bdi></div>`)}</dd>`,
    )}
  </dl>`;

/** One of the choices of a select; `selected` is the value that is chosen. */
export const option = (value, label, selected) =>
  html`<option value=${value} .selected=${value === selected}>${clean(label)}</option>`;

/** What a select of a filter looks like: everything, or one of the choices, [value, label] each. */
export const choose = (label, all, choices, selected, changed) =>
  html`<select aria-label=${label} @change=${(event) => changed(event.target.value)}>
    ${option("", all, selected)} ${choices.map(([value, name]) => option(value, name, selected))}
  </select>`;

/** Why an attempt failed, if it did. */
export const failureNote = (attempt) =>
  attempt.failure ? html`<p class="wrong" role="alert">${clean(attempt.failure.message)}</p>` : nothing;

/** What to say when the newest attempt to load failed: the old data stays below it. */
export function staleNote(live) {
  if (!live.error) return nothing;
  const why = live.error.status === undefined ? "The server does not answer in time." : live.error.message;
  const when = live.loadedAt
    ? html`Not updated since ${short(new Date(live.loadedAt).toISOString(), now())}.`
    : html`Nothing could be loaded.`;
  return html`<p class="note" role="status">${when} ${clean(why)} Trying again.</p>`;
}

/** Why a list of the inventory is not whole. */
export function sectionNote(section, what) {
  if (!section || section.state === "complete") return nothing;
  const missing =
    section.state === "off" ? `The agent does not report ${what}.` : `The list of ${what} is not complete.`;
  const dropped = section.dropped ? ` ${section.dropped} left out.` : "";
  return html`<p class="note" role="status">${missing}${dropped} ${clean(section.reason)}</p>`;
}

/** A bar for a share of a whole, with its numbers as text beside it. */
export function usageBar(label, used, total, shown) {
  if (used === null || used === undefined || !total) return html`<span class="muted">–</span>`;
  const share = Math.min(100, Math.max(0, (used / total) * 100));
  const tone = share >= 90 ? "critical" : share >= 75 ? "warning" : "good";
  return html`<span
    class="usage ${tone}"
    role="meter"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(share)}
    title="${label}: ${shown}"
  >
    <svg class="bar" width="100%" height="6" aria-hidden="true">
      <rect class="track" width="100%" height="6" rx="3"></rect>
      <rect class="fill" width="${share.toFixed(1)}%" height="6" rx="3"></rect>
    </svg>
    <span class="sub">${shown}</span>
  </span>`;
}

/** Rows that stand for what has not arrived yet. */
export const skeletonRows = (columns, rows = 6) =>
  Array.from(
    { length: rows },
    () =>
      html`<tr>
        ${Array.from({ length: columns }, () => html`<td><div class="skeleton"></div></td>`)}
      </tr>`,
  );

/** Where screens link to; a vendor's page replaces what it routes differently. */
export const links = {
  fleet: () => "/",
  cluster: (id, tab = "overview", query = {}) => withQuery(`/clusters/${encodeURIComponent(id)}/${tab}`, query),
  pods: (query = {}) => withQuery("/pods", query),
  incidents: (query = {}) => withQuery("/incidents", query),
  findings: (query = {}) => withQuery("/findings", query),
  silences: () => "/silences",
  channels: () => "/channels",
  audit: (query = {}) => withQuery("/audit", query),
};

function withQuery(path, query) {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}?${text}` : path;
}

/** For a link's click: the host of the components goes there, unless the reader asked for a new tab. */
export function follow(event) {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(event.currentTarget, event.currentTarget.getAttribute("href"));
}

/** Goes to one of the links without loading the page: the host of the components decides what that means. */
export function navigate(element, href) {
  const event = new CustomEvent("niro-navigate", { detail: { href }, bubbles: true, composed: true, cancelable: true });
  if (element.dispatchEvent(event)) location.assign(href);
}
