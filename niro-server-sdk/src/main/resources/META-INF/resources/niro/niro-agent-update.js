/** <niro-agent-update>: which image a cluster's agent runs, and a form that has it run another one. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Attempt } from "./niro-state.js";
import { clusterPath, get, may, put, remove } from "./niro-api.js";
import { clean, full, sentence, version, words } from "./niro-format.js";
import { badge, failureNote, staleNote, text } from "./niro-parts.js";
import { grantText } from "./niro-grant.js";

const STATES = {
  offered: ["pending", "Offered", "The agent takes it when it calls, within 24 hours."],
  rolling: ["pending", "Rolling", "The agent has changed its Deployment. The pod from before stays until the new one is ready."],
  done: ["good", "Done", "The new agent is at work."],
  rolled_back: ["medium", "Rolled back", "The image from before is back, and its agent was at work throughout."],
  failed: ["high", "Failed", ""],
  cancelled: ["offline", "Cancelled", ""],
};

class NiroAgentUpdate extends LitElement {
  static properties = {
    /** The cluster. */
    cluster: { attribute: false },
  };

  static styles = [
    shared,
    css`
      .panel { display: grid; gap: 14px; padding: 16px; }
      .panel > * { min-width: 0; }
      .newest { display: grid; gap: 6px; overflow-wrap: anywhere; }
      .told { align-items: baseline; }
    `,
  ];

  #attempt = new Attempt(this);
  #live = new Live(
    this,
    (signal) => this.#load(signal),
    () => `agent update ${this.cluster?.id}`,
  );

  async #load(signal) {
    try {
      return { update: await get(clusterPath(this.cluster.id, "/agent-update"), {}, signal) };
    } catch (failure) {
      if (failure.status === 404) return { update: null };
      throw failure;
    }
  }

  render() {
    const update = this.#live.data?.update;
    return html`<section class="panel" aria-label="Agent">
      <h2>Agent</h2>
      <dl class="told">
        <dt>Version</dt>
        <dd>${version(this.cluster.agentVersion)}</dd>
        ${update?.image ? html`<dt>Image</dt><dd class="mono"><bdi>${clean(update.image)}</bdi></dd>` : nothing}
      </dl>
      ${staleNote(this.#live)} ${update ? this.#newest(update) : nothing} ${this.#change()}
    </section>`;
  }

  #newest({ state, before, image, reason, requestedBy, requestedAt }) {
    const [tone, label, meaning] = STATES[state] ?? ["unknown", words(state), ""];
    return html`<div class="newest" role="status">
      <p class="row">${badge(tone, label)} <span class="muted" title=${full(requestedAt)}>asked for by <bdi>${clean(requestedBy)}</bdi>, <niro-ago .at=${requestedAt}></niro-ago></span></p>
      ${meaning ? html`<p>${meaning}</p>` : nothing} ${reason ? html`<p><bdi>${sentence(reason)}</bdi></p>` : nothing}
      ${before && before !== image ? html`<p class="muted">Before: <bdi class="mono">${clean(before)}</bdi></p>` : nothing}
      ${
        state === "offered" && may("write")
          ? html`<div><button ?disabled=${this.#attempt.busy} @click=${this.#cancel}>Cancel update</button></div>`
          : nothing
      }
    </div>`;
  }

  #change() {
    if (!may("write")) return nothing;
    if (!this.cluster.capabilities.includes("selfUpdate")) return this.#grant();
    const { failure, busy } = this.#attempt;
    const atField = failure?.field === "digest";
    return html`<form class="form" @submit=${this.#offer}>
      <label class="field"
        ><span>Wanted image</span
        ><input
          name="digest"
          class="mono"
          required
          autocomplete="off"
          spellcheck="false"
          placeholder="sha256:…"
          aria-describedby="digest-hint"
          aria-invalid=${atField}
        /><small id="digest-hint" class=${atField ? "wrong" : ""} role=${atField ? "alert" : nothing}
          >${atField ? clean(failure.message) : "The digest of another image in the repository of the one it runs now"}</small
        ></label
      >
      ${atField ? nothing : failureNote(this.#attempt)}
      <div><button ?disabled=${busy}>Update agent</button></div>
    </form>`;
  }

  #grant() {
    if (this.cluster.enrolledAt === null) return nothing;
    return html`<p class="muted">The agent of ${text(this.cluster.name)} may not change its own image. To grant it that, run this where you installed it, with whatever else you gave it then:</p>
      ${grantText(this.cluster.capabilities, "selfUpdate")}`;
  }

  #offer = async (event) => {
    event.preventDefault();
    const form = event.target;
    const digest = new FormData(form).get("digest").trim();
    if (await this.#attempt.run(() => put(clusterPath(this.cluster.id, "/agent-update"), { digest }))) form.reset();
    await this.#live.refresh();
  };

  #cancel = async () => {
    const { command } = this.#live.data.update;
    await this.#attempt.run(() => remove(clusterPath(this.cluster.id, `/commands/${encodeURIComponent(command)}`)));
    await this.#live.refresh();
  };
}

customElements.define("niro-agent-update", NiroAgentUpdate);
