/** <niro-deployment-head>: how one managed deployment is, in a few lines. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { clean, count, full, sentence } from "./niro-format.js";
import { beginning, text } from "./niro-parts.js";
import { deploymentBadge, driftBadge } from "./niro-deployment-parts.js";

class NiroDeploymentHead extends LitElement {
  static properties = {
    /** The deployment. */
    deployment: { attribute: false },
  };

  static styles = [
    shared,
    css`
      .title { display: flex; align-items: center; gap: 10px; flex-wrap: wrap; }
      .title h2 { font-size: 18px; line-height: 26px; overflow-wrap: anywhere; min-width: 0; }
      .why { overflow-wrap: anywhere; margin-top: 4px; }
      .facts { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--niro-muted); margin-top: 6px; }
      .facts b { font-weight: 560; color: var(--niro-text); overflow-wrap: anywhere; }
    `,
  ];

  render() {
    const { name, namespace, revision, reason, lastSyncAt, drift, createdBy, createdAt, cedeTo } = this.deployment;
    return html`<div class="title">
        <h2>${text(name)}</h2>
        ${deploymentBadge(this.deployment)} ${drift ? driftBadge(drift) : nothing}
      </div>
      ${reason ? html`<p class="why">${beginning(sentence(reason))}</p>` : nothing}
      <div class="facts">
        <span>Namespace <b><bdi>${clean(namespace)}</bdi></b></span>
        <span>Revision <b>${count(revision)}</b></span>
        <span>Last sync <b><niro-ago .at=${lastSyncAt}></niro-ago></b></span>
        ${drift ? html`<span>Compared <b><niro-ago .at=${drift.checkedAt}></niro-ago></b></span>` : nothing}
        <span title=${full(createdAt)}>Made by <b><bdi>${clean(createdBy)}</bdi></b></span>
        ${cedeTo?.length ? html`<span>Leaves fields to <b><bdi>${clean(cedeTo.join(", "))}</bdi></b></span>` : nothing}
      </div>`;
  }
}

customElements.define("niro-deployment-head", NiroDeploymentHead);
