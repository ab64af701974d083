/** <niro-deployment-findings>: what policies say of manifests that were just applied. */
import { LitElement, html, css } from "lit";
import { shared } from "./niro-style.js";
import { clean, counted, place, ruleWords, sentence } from "./niro-format.js";
import { severityBadge } from "./niro-parts.js";
import { ofObjects } from "./niro-deployment-style.js";

/** Sends `niro-close` when the reader has seen them. */
class NiroDeploymentFindings extends LitElement {
  static properties = {
    /** The findings of an answer of the API. */
    findings: { attribute: false },
  };

  static styles = [
    shared,
    ofObjects,
    css`
      li { display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 4px 12px; align-items: start; }
      .badge { justify-self: start; }
      @media (max-width: 600px) { li { grid-template-columns: minmax(0, 1fr); } }
    `,
  ];

  render() {
    return html`<section class="panel" aria-label="What policies say">
      <header>
        <h2>What policies say</h2>
        <span class="muted grow" role="status">${counted(this.findings.length, "finding")}. They advise and block nothing.</span>
        <button class="plain" @click=${() => this.dispatchEvent(new CustomEvent("niro-close"))}>Hide</button>
      </header>
      <ul class="rows">
        ${this.findings.map((finding) => this.#finding(finding))}
      </ul>
    </section>`;
  }

  #finding({ rule, scope, severity, message, fix }) {
    const [what, part] = place(scope);
    return html`<li>
      ${severityBadge(severity)}
      <div>
        <p><span class="name"><bdi>${ruleWords(rule)}</bdi></span> <span class="muted" title=${clean(scope)}><bdi>${clean(what)}</bdi> · <bdi>${clean(part)}</bdi></span></p>
        <p><bdi>${sentence(message)}</bdi></p>
        <p><b>Fix:</b> <bdi>${sentence(fix)}</bdi></p>
      </div>
    </li>`;
  }
}

customElements.define("niro-deployment-findings", NiroDeploymentFindings);
