/** <niro-incident>: everything about one incident beside its list, with what somebody can do about it. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Attempt } from "./niro-state.js";
import { clusterPath, get, may, post, remove } from "./niro-api.js";
import { clean, count, full, place, words } from "./niro-format.js";
import { evidenceList, failureNote, follow, links, severityBadge, since, staleNote, text } from "./niro-parts.js";
import "./niro-dialog.js";
import "./niro-silence-fields.js";

const KINDS = [
  "incident_opened",
  "incident_resolved",
  "incident_acknowledged",
  "incident_acknowledgement_withdrawn",
  "silenced",
  "silence_ended",
];
const EXPLAINED_AT_MOST = 50;
const path = (id, rest = "") => `/incidents/${encodeURIComponent(id)}${rest}`;

class NiroIncident extends LitElement {
  static properties = {
    /** The incident's id. */
    incident: { attribute: false },
    /** What is known of it already; null when nothing is. */
    known: { attribute: false },
    /** Those that it explains. */
    explains: { attribute: false },
    confirming: { state: true },
  };

  static styles = [
    shared,
    css`
      .all { display: grid; gap: 20px; }
      h3 { font-size: 13px; font-weight: 620; margin-bottom: 8px; color: var(--niro-muted); }
      .first { display: grid; gap: 10px; }
      .summary { font-size: 15px; font-weight: 560; overflow-wrap: anywhere; }
      .act { padding: 14px; border: 1px solid var(--niro-line); border-radius: 8px; background: var(--niro-surface); }
      .act + .act { margin-top: 10px; }
      ol, ul { list-style: none; }
      li { padding: 5px 0; overflow-wrap: anywhere; }
      li time { display: block; font-size: 12.5px; color: var(--niro-muted); }
      li button.plain { padding: 0; min-height: 0; white-space: normal; text-align: start; }
      .said { display: grid; gap: 8px; overflow-wrap: anywhere; }
    `,
  ];

  #attempt = new Attempt(this);
  #live = new Live(this, (signal) => this.#load(signal));

  /** It, and what the cluster's timeline says of it and of others of its type in its place. */
  async #load(signal) {
    const incident = await get(path(this.incident), {}, signal);
    const timeline = await get(
      clusterPath(incident.cluster.id, "/timeline"),
      { kind: KINDS, limit: 300 },
      signal,
    ).catch(() => ({ items: [] }));
    return { incident, history: timeline.items.filter((entry) => this.#concerns(incident, entry)) };
  }

  #concerns(incident, { details }) {
    return (
      details.incident === incident.id ||
      (details.type === incident.type && details.scope === incident.scope) ||
      (details.silence !== undefined && details.silence === incident.silenced?.id)
    );
  }

  willUpdate(changed) {
    if (!this.hasUpdated || !changed.has("incident")) return;
    this.confirming = false;
    this.#attempt.failure = null;
    this.#live.restart();
  }

  render() {
    const incident = this.#live.data?.incident ?? this.known;
    if (this.#live.error?.status === 404 || !incident) return this.#nothing();
    return html`<niro-dialog drawer .heading=${words(incident.type)} @niro-close=${this.#close}>
      <div class="all">
        ${staleNote(this.#live)} ${this.#first(incident)}
        <section aria-label="Evidence">
          <h3>Evidence</h3>
          ${
            Object.keys(incident.evidence).length
              ? evidenceList(incident.evidence)
              : html`<p class="muted">Nothing beyond the summary.</p>`
          }
        </section>
        ${incident.suppressedBy || this.explains?.length ? this.#relations(incident) : nothing}
        ${this.#actions(incident)}
        ${this.#history()}
      </div>
    </niro-dialog>`;
  }

  #nothing() {
    const gone = this.#live.error?.status === 404;
    return html`<niro-dialog drawer .heading=${gone ? "There is no such incident" : "Incident"} @niro-close=${this.#close}>
      <p class="muted" role="status">${gone ? "It was deleted, or it is not yours to see." : this.#live.error ? clean(this.#live.error.message) : "Loading…"}</p>
    </niro-dialog>`;
  }

  #first(incident) {
    const [where, part] = place(incident.scope);
    return html`<div class="first">
      <p class="row">
        ${severityBadge(incident.severity, incident.since)}
        ${
          incident.state === "firing"
            ? html`<span>Firing <span class="muted">${since(incident.since)}</span></span>`
            : html`<span>Resolved <span class="muted">${since(incident.resolvedAt)}</span></span>`
        }
        ${incident.flapping ? html`<span class="tag warn" title="It comes and goes too often to be told each time">flapping</span>` : nothing}
      </p>
      <p class="summary"><bdi>${clean(incident.summary)}</bdi></p>
      <dl class="told">
        <dt>Cluster</dt>
        <dd><a href=${links.cluster(incident.cluster.id)} @click=${follow}>${text(incident.cluster.name)}</a></dd>
        <dt>Where</dt>
        <dd title=${clean(incident.scope)}><bdi>${clean(where)}</bdi>${part ? html` · <bdi>${clean(part)}</bdi>` : nothing}</dd>
        <dt>Since</dt>
        <dd>${full(incident.since)}${incident.openedAt === incident.since ? nothing : html` · known ${full(incident.openedAt)}`}</dd>
        ${
          incident.resolvedAt
            ? html`<dt>Resolved</dt>
                <dd>${full(incident.resolvedAt)}${incident.resolution ? html` · <bdi>${words(incident.resolution)}</bdi>` : nothing}</dd>`
            : nothing
        }
      </dl>
    </div>`;
  }

  #relations(incident) {
    const explains = (this.explains ?? []).slice(0, EXPLAINED_AT_MOST);
    return html`<section aria-label="Connections">
      <h3>${incident.suppressedBy ? "Explained by" : `Explains ${count(this.explains.length)} more`}</h3>
      ${
        incident.suppressedBy
          ? html`<button class="plain" @click=${() => this.#show(incident.suppressedBy)}>Show the incident that causes it</button>
              <p class="muted">Nobody is told of this one as long as its cause fires.</p>`
          : html`<ul>
              ${explains.map(
                (one) =>
                  html`<li>
                    <button class="plain" @click=${() => this.#show(one.id)}><bdi>${words(one.type)}: ${clean(one.summary)}</bdi></button>
                  </li>`,
              )}
            </ul>`
      }
    </section>`;
  }

  #actions(incident) {
    const firing = incident.state === "firing";
    if (!may("write") && !(firing && (incident.acknowledged || incident.silenced))) return nothing;
    return html`<section aria-label="What to do">
      ${firing ? html`${this.#acknowledgement(incident)} ${this.#silence(incident)}` : this.#deletion()} ${failureNote(this.#attempt)}
    </section>`;
  }

  /** A button for those who may press it. */
  #button(label, pressed) {
    return may("write") ? html`<div><button ?disabled=${this.#attempt.busy} @click=${pressed}>${label}</button></div>` : nothing;
  }

  #acknowledgement({ acknowledged }) {
    if (acknowledged)
      return html`<div class="act said">
        <p>
          <b><bdi>${clean(acknowledged.by)}</bdi></b> takes care of it
          <span class="muted">${since(acknowledged.at)}</span>
        </p>
        ${acknowledged.note ? html`<p><bdi>${clean(acknowledged.note)}</bdi></p>` : nothing}
        ${this.#button("Take back", this.#takeBack)}
      </div>`;
    if (!may("write")) return nothing;
    return html`<form class="act form" @submit=${this.#acknowledge}>
      <label class="field"
        ><span>Take care of it</span
        ><input name="note" maxlength="1000" autocomplete="off" placeholder="What you are doing (may be empty)"
      /></label>
      <div><button class="primary" ?disabled=${this.#attempt.busy}>Acknowledge</button></div>
    </form>`;
  }

  #silence({ silenced }) {
    if (silenced)
      return html`<div class="act said">
        <p>
          Silenced until <b>${full(silenced.until)}</b> <span class="muted">by <bdi>${clean(silenced.by)}</bdi></span>
        </p>
        <p><bdi>${clean(silenced.reason)}</bdi></p>
        ${this.#button("End silence", () => this.#endSilence(silenced.id))}
      </div>`;
    if (!may("write")) return nothing;
    return html`<form class="act form" @submit=${this.#makeSilence}>
      <niro-silence-fields ?disabled=${this.#attempt.busy}></niro-silence-fields>
      <div><button ?disabled=${this.#attempt.busy}>Silence</button></div>
    </form>`;
  }

  #deletion() {
    return html`<div class="act said">
      <p class="muted">It is over. It goes away by itself in time; deleting leaves it on the cluster's timeline.</p>
      <div class="row">
        ${
          this.confirming
            ? html`<button class="danger" ?disabled=${this.#attempt.busy} @click=${this.#delete}>Delete for good</button>
                <button @click=${() => (this.confirming = false)}>Keep</button>`
            : html`<button @click=${() => (this.confirming = true)}>Delete</button>`
        }
      </div>
    </div>`;
  }

  #history() {
    const history = this.#live.data?.history ?? [];
    return html`<section aria-label="History">
      <h3>History of this trouble</h3>
      ${
        history.length === 0
          ? html`<p class="muted">${this.#live.data ? "The timeline has nothing more of it." : "Loading…"}</p>`
          : html`<ol>
              ${history.map(
                ({ at, summary, details }) =>
                  html`<li>
                    <time datetime=${at}>${full(at)}</time><bdi>${clean(summary)}</bdi>
                    ${details.note ? html`<span class="sub"><bdi>${clean(details.note)}</bdi></span>` : nothing}
                  </li>`,
              )}
            </ol>`
      }
    </section>`;
  }

  #acknowledge = (event) => {
    event.preventDefault();
    const note = new FormData(event.target).get("note").trim();
    return this.#change(() => post(path(this.incident, "/acknowledge"), note ? { note } : {}));
  };

  #takeBack = () => this.#change(() => remove(path(this.incident, "/acknowledge")));

  #makeSilence = (event) => {
    event.preventDefault();
    const said = event.target.querySelector("niro-silence-fields").value;
    return this.#change(() => post(path(this.incident, "/silence"), said));
  };

  #endSilence = (id) => this.#change(() => remove(`/silences/${encodeURIComponent(id)}`));

  async #change(call) {
    if (!(await this.#attempt.run(call))) return;
    this.dispatchEvent(new CustomEvent("niro-changed"));
    await this.#live.refresh();
  }

  #delete = async () => {
    if (!(await this.#attempt.run(() => remove(path(this.incident))))) return;
    this.dispatchEvent(new CustomEvent("niro-changed"));
    this.dispatchEvent(new CustomEvent("niro-close"));
  };

  #show(id) {
    this.dispatchEvent(new CustomEvent("niro-show", { detail: { id } }));
  }

  #close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

customElements.define("niro-incident", NiroIncident);
