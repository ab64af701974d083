/** <niro-deployment-drift>: how the cluster differs from what is wanted, field by field, and who changed it. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { clean, count, counted } from "./niro-format.js";
import { badge, beginning } from "./niro-parts.js";
import { fieldChange, objectName } from "./niro-deployment-parts.js";
import { ofObjects } from "./niro-deployment-style.js";

const SHOWN = 50;
const STATES = { modified: ["medium", "Modified"], missing: ["high", "Missing"], unverified: ["unknown", "Not verified"] };

class NiroDeploymentDrift extends LitElement {
  static properties = {
    /** The drift of a deployment, as the API has it. */
    drift: { attribute: false },
    all: { state: true },
  };

  static styles = [
    shared,
    ofObjects,
    css`
      .head { margin-bottom: 4px; align-items: center; }
      footer { padding: 10px 16px; border-top: 1px solid var(--niro-line); }
      .calm { padding: 0 16px 14px; color: var(--niro-muted); }
    `,
  ];

  constructor() {
    super();
    this.all = false;
  }

  render() {
    const objects = this.drift.objects ?? [];
    const differing = objects.filter(({ state }) => state !== "in_sync");
    const shown = this.all ? differing : differing.slice(0, SHOWN);
    if (differing.length === 0) return html`<p class="calm">${this.#calm(objects)}</p>${this.#ceded()}`;
    return html`<p class="counts muted">${counted(differing.length, "object")} of ${count(objects.length)} differ.</p>
      <ul class="rows">
        ${shown.map((object) => this.#object(object))}
      </ul>
      ${
        differing.length > shown.length
          ? html`<footer><button @click=${() => (this.all = true)}>Show ${count(differing.length - shown.length)} more</button></footer>`
          : nothing
      }
      ${this.#ceded()}`;
  }

  #calm(objects) {
    if (this.drift.state === "in_sync") return objects.length ? `All ${counted(objects.length, "object")} are as wanted.` : "Everything is as wanted.";
    return this.drift.state === "drifted" ? "Something differs; a comparison says what." : "Whether something differs is not known.";
  }

  #object(object) {
    const { state, message, changes } = object;
    return html`<li>
      <div class="row head">${badge(...(STATES[state] ?? ["unknown", clean(state)]))} ${objectName(object)}</div>
      ${message ? html`<p>${beginning(message)}</p>` : nothing}
      ${changes.length ? html`<ul>${changes.map((change) => this.#change(change))}</ul>` : nothing}
    </li>`;
  }

  #change({ path, wanted, live, manager }) {
    const by = manager ? html` <span class="muted">changed by <bdi>${clean(manager)}</bdi></span>` : nothing;
    const sides = [
      { label: "Wanted", missing: "not set", tone: "plus", json: wanted },
      { label: "Live", missing: "not there", tone: "minus", json: live },
    ];
    return fieldChange(path, sides, by);
  }

  #ceded() {
    const ceded = this.drift.ceded ?? [];
    if (ceded.length === 0) return nothing;
    return html`<details class="counts">
      <summary class="muted">${counted(ceded.length, "field")} left to others</summary>
      <ul>
        ${ceded.map(
          ({ object, path, manager }) =>
            html`<li>${objectName(object)} <span class="mono">${beginning(path)}</span> <span class="muted">to <bdi>${clean(manager)}</bdi></span></li>`,
        )}
      </ul>
    </details>`;
  }
}

customElements.define("niro-deployment-drift", NiroDeploymentDrift);
