/** <niro-deployment-results>: what became of each object of an apply, the worst first, with the API server's words. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { clean, count, words } from "./niro-format.js";
import { badge, beginning } from "./niro-parts.js";
import { objectName } from "./niro-deployment-parts.js";
import { ofObjects } from "./niro-deployment-style.js";

const SHOWN = 100;
const MESSAGE_CHARS = 1000;

/** How each is to be read; the worst first. */
const TONES = {
  failed: "high",
  unverified: "medium",
  skipped: "medium",
  pruned: "low",
  kept: "low",
  created: "good",
  configured: "good",
  unchanged: "good",
};
const ACTIONS = Object.keys(TONES);
/** What is not known comes right behind what failed. */
const rank = ({ action }) => (ACTIONS.includes(action) ? ACTIONS.indexOf(action) : 0.5);

const whence = ({ file, document, line }) =>
  [file, document === null ? "" : `document ${document}`, line === null ? "" : `line ${line}`].filter(Boolean).join(", ");

class NiroDeploymentResults extends LitElement {
  static properties = {
    /** The objects, as the API has them. */
    objects: { attribute: false },
    all: { state: true },
  };

  static styles = [
    shared,
    ofObjects,
    css`
      li { display: grid; grid-template-columns: 112px minmax(0, 1fr); gap: 4px 12px; align-items: start; }
      .badge { justify-self: start; }
      footer { padding: 10px 16px; border-top: 1px solid var(--niro-line); }
      @media (max-width: 600px) { li { grid-template-columns: minmax(0, 1fr); } }
    `,
  ];

  constructor() {
    super();
    this.all = false;
  }

  render() {
    const sorted = [...this.objects].sort((a, b) => rank(a) - rank(b));
    const shown = this.all ? sorted : sorted.slice(0, SHOWN);
    return html`<p class="counts muted">${this.#counts()}</p>
      <ul class="rows">
        ${shown.map((object) => this.#object(object))}
      </ul>
      ${
        sorted.length > shown.length
          ? html`<footer><button @click=${() => (this.all = true)}>Show ${count(sorted.length - shown.length)} more</button></footer>`
          : nothing
      }`;
  }

  /** "1 failed, 2 unchanged", the worst first. */
  #counts() {
    const many = new Map();
    for (const { action } of [...this.objects].sort((a, b) => rank(a) - rank(b))) many.set(action, (many.get(action) ?? 0) + 1);
    return [...many].map(([action, number]) => `${count(number)} ${clean(action)}`).join(", ") || "No objects.";
  }

  #object(object) {
    const { action, message, source } = object;
    return html`<li>
      ${badge(TONES[action] ?? "unknown", words(action))}
      <div>
        <p>${objectName(object)}</p>
        ${message ? html`<p>${beginning(message, MESSAGE_CHARS)}</p>` : nothing}
        ${source && whence(source) ? html`<p class="sub"><bdi>${clean(whence(source))}</bdi></p>` : nothing}
      </div>
    </li>`;
  }
}

customElements.define("niro-deployment-results", NiroDeploymentResults);
