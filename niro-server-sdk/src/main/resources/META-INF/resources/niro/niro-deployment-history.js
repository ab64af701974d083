/** <niro-deployment-history>: the newest applies with what became of their objects, and what differs between two revisions. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Attempt } from "./niro-state.js";
import { get } from "./niro-api.js";
import { clean, count, counted, full, words } from "./niro-format.js";
import { badge, beginning, failureNote, option } from "./niro-parts.js";
import { applyBadge, deploymentPath, fieldChange, objectName } from "./niro-deployment-parts.js";
import { ofObjects } from "./niro-deployment-style.js";
import { changedObjects } from "./niro-manifest-diff.js";
import "./niro-deployment-results.js";

const SHOWN_OBJECTS = 50;
const SHOWN_FIELDS = 50;
const TONES = { added: "good", removed: "high", changed: "medium" };

/** Sends `niro-rollback` with the revision in `detail`. */
class NiroDeploymentHistory extends LitElement {
  static properties = {
    /** The deployment. */
    deployment: { attribute: false },
    /** Its applies, newest first. */
    applies: { attribute: false },
    /** Whether the reader may roll back. */
    active: { attribute: false },
    open: { state: true },
    compared: { state: true },
  };

  static styles = [
    shared,
    ofObjects,
    css`
      .entry { display: grid; grid-template-columns: 112px minmax(0, 1fr) auto; gap: 4px 12px; align-items: start; }
      .entry > .badge { justify-self: start; }
      .entry details { grid-column: 2 / -1; }
      .entry details > summary { color: var(--niro-accent); width: fit-content; }
      .compare { padding: 0 16px 12px; }
      .compare select { width: auto; }
      .differences { padding: 4px 0 8px; background: var(--niro-sunken); border-top: 1px solid var(--niro-line); }
      .differences .counts { padding-top: 10px; }
      .differences dl { background: var(--niro-surface); }
      @media (max-width: 600px) {
        .entry { grid-template-columns: minmax(0, 1fr) auto; }
        .entry > .what, .entry details { grid-column: 1 / -1; }
        .entry > .act { grid-area: 1 / 2; }
      }
    `,
  ];

  #attempt = new Attempt(this);
  /** Promises of manifests by revision, which never change. */
  #revisions = new Map();

  constructor() {
    super();
    Object.assign(this, { active: false, open: new Set(), compared: null });
  }

  get #known() {
    return [...new Set(this.applies.map(({ revision }) => revision))].sort((a, b) => b - a);
  }

  render() {
    return html`${this.#known.length > 1 ? this.#compare() : nothing} ${failureNote(this.#attempt)} ${this.compared ? this.#differences() : nothing}
      <ol class="rows">
        ${repeat(
          this.applies,
          ({ attempt }) => attempt,
          (apply) => this.#entry(apply),
        )}
      </ol>`;
  }

  #compare() {
    const [newest, before] = this.#known;
    const choices = (chosen) => this.#known.map((one) => option(String(one), `revision ${one}`, String(chosen)));
    return html`<form class="compare row" @submit=${this.#look}>
      <label class="row">Compare <select name="older" aria-label="Compare revision">${choices(before)}</select></label>
      <label class="row">with <select name="newer" aria-label="with revision">${choices(newest)}</select></label>
      <button ?disabled=${this.#attempt.busy}>Compare</button>
      ${this.compared ? html`<button type="button" class="plain" @click=${() => (this.compared = null)}>Hide</button>` : nothing}
    </form>`;
  }

  #look = async (event) => {
    event.preventDefault();
    const { older: from, newer: to } = Object.fromEntries(new FormData(event.target));
    const found = await this.#attempt.run(() => Promise.all([from, to].map((one) => this.#manifests(one))));
    if (found) this.compared = { from, to, objects: changedObjects(...found) };
  };

  #manifests(revision) {
    const { cluster, name } = this.deployment;
    if (!this.#revisions.has(revision)) {
      const asked = get(deploymentPath(cluster, name, `/history/${revision}`)).then(({ manifests }) => manifests);
      asked.catch(() => this.#revisions.delete(revision));
      this.#revisions.set(revision, asked);
    }
    return this.#revisions.get(revision);
  }

  #differences() {
    const { from, to, objects } = this.compared;
    const what = objects.length ? `${counted(objects.length, "object")} differ` : "Nothing differs";
    return html`<section class="differences" aria-label="Differences">
      <p class="counts" role="status">${what} between revision ${from} and revision ${to}. Values of Secrets are compared by their hashes.</p>
      <ul class="rows">
        ${objects.slice(0, SHOWN_OBJECTS).map((object) => this.#changed(object, from, to))}
        ${objects.length > SHOWN_OBJECTS ? html`<li class="muted">${counted(objects.length - SHOWN_OBJECTS, "more object")}</li>` : nothing}
      </ul>
    </section>`;
  }

  #changed(object, from, to) {
    const { state, changes } = object;
    const sides = ({ before, after }) => [
      { label: `Revision ${from}`, missing: "not set", tone: "minus", json: before },
      { label: `Revision ${to}`, missing: "not set", tone: "plus", json: after },
    ];
    return html`<li>
      <div class="row">${badge(TONES[state], words(state))} ${objectName(object)}</div>
      <ul>
        ${changes.slice(0, SHOWN_FIELDS).map((change) => fieldChange(change.path || "the whole object", sides(change)))}
        ${changes.length > SHOWN_FIELDS ? html`<li class="muted">${counted(changes.length - SHOWN_FIELDS, "more field")}</li>` : nothing}
      </ul>
    </li>`;
  }

  #entry(apply) {
    const { attempt, revision, requestedBy, requestedAt, status, reason, objects } = apply;
    return html`<li class="entry">
      ${applyBadge(status)}
      <div class="what">
        <p><b>Revision ${count(revision)}</b> <span class="muted">by <bdi>${clean(requestedBy)}</bdi>, <time datetime=${requestedAt} title=${full(requestedAt)}><niro-ago .at=${requestedAt}></niro-ago></time></span></p>
        ${reason ? html`<p>${beginning(reason)}</p>` : nothing}
      </div>
      ${this.#rollback(revision)}
      ${
        objects.length
          ? html`<details ?open=${this.open.has(attempt)} @toggle=${(event) => this.#toggled(event, attempt)}>
              <summary>${counted(objects.length, "object")}</summary>
              ${this.open.has(attempt) ? html`<niro-deployment-results .objects=${objects}></niro-deployment-results>` : nothing}
            </details>`
          : nothing
      }
    </li>`;
  }

  #rollback(revision) {
    if (!this.active || revision === this.deployment.revision) return nothing;
    const ask = () => this.dispatchEvent(new CustomEvent("niro-rollback", { detail: revision }));
    return html`<button class="act" aria-label="Roll back to revision ${revision}" @click=${ask}>Roll back</button>`;
  }

  #toggled(event, attempt) {
    const open = new Set(this.open);
    if (event.target.open) open.add(attempt);
    else open.delete(attempt);
    this.open = open;
  }
}

customElements.define("niro-deployment-history", NiroDeploymentHistory);
