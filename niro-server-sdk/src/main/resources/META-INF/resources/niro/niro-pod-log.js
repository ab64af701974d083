/** <niro-pod-log>: a drawer with the log of one pod, live; the page holds a bounded part of it and nothing is stored. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { clusterPath, events } from "./niro-api.js";
import { clean, count, counted, visible } from "./niro-format.js";
import { text, tooLong } from "./niro-parts.js";
import { grantText } from "./niro-grant.js";
import "./niro-dialog.js";

const TAIL = 500;
const HELD_LINES = 5000;
const SHOWN_LINES = 1000;
const LINE_CHARS = 4000;
const TRIES = 5;
const PAUSE_MILLIS = 2000;

/** Sends `niro-close` when the reader closes it; whoever holds it then takes it out of the page. */
class NiroPodLog extends LitElement {
  static properties = {
    /** A pod as the API lists it. */
    pod: { attribute: false },
    /** What the cluster's agent is granted; null when that is not known. */
    capabilities: { attribute: false },
    container: { state: true },
    follow: { state: true },
    previous: { state: true },
    sought: { state: true },
    state: { state: true },
    failure: { state: true },
  };

  static styles = [
    shared,
    css`
      .tools { margin-bottom: 10px; }
      .tools input[type="search"] { width: 220px; max-width: 100%; }
      .check { display: inline-flex; align-items: center; gap: 6px; }
      .check input { width: 16px; min-height: 16px; margin: 0; }
      .log {
        height: calc(100dvh - 178px); min-height: 160px; overflow: auto; margin: 0; padding: 8px 0; border: 1px solid var(--niro-line);
        border-radius: var(--niro-radius); background: var(--niro-sunken); font-family: var(--niro-mono); font-size: 12.5px; line-height: 18px;
      }
      .log > div { padding: 0 12px; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; direction: ltr; }
      .log > div:hover { background: var(--niro-hover); }
      .log > .mark { color: var(--niro-warning); background: var(--niro-warning-soft); font-family: var(--niro-font); }
      .log mark { background: var(--niro-warning-soft); color: inherit; outline: 1px solid var(--niro-warning); border-radius: 2px; }
      .grant { margin: 12px 0; }
    `,
  ];

  #lines = [];
  #number = 0;
  #left = 0;
  #running = null;
  #heardAt = 0;
  #atEnd = true;

  constructor() {
    super();
    Object.assign(this, { capabilities: null, follow: true, previous: false, sought: "", state: "", failure: null });
  }

  get #granted() {
    return !this.capabilities || this.capabilities.includes("logs");
  }

  connectedCallback() {
    super.connectedCallback();
    this.container = this.pod.containers?.[0] ?? "";
    if (this.#granted) this.#open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#running?.abort();
  }

  /** Begins anew with what is chosen now. */
  async #open() {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    Object.assign(this, { state: "Connecting…", failure: null });
    this.#lines = [];
    this.#left = 0;
    this.#atEnd = true;
    const query = { container: this.container, follow: this.follow, previous: this.previous, tail: TAIL };
    for (let tries = 0; tries < TRIES && this.#running === running; tries++) {
      const over = await this.#read(tries === 0 ? query : this.#rest(query), running);
      if (over || !this.follow) return;
      this.#mark("The connection to the server was lost. Lines may be missing here, or there twice.");
      await new Promise((resume) => setTimeout(resume, PAUSE_MILLIS));
    }
    if (this.#running === running) this.state = "Not connected";
  }

  #rest(query) {
    return { ...query, tail: null, since: Math.max(1, Math.ceil((performance.now() - this.#heardAt) / 1000)) };
  }

  /** Whether there is nothing more to come. */
  async #read(query, running) {
    const { cluster, namespace, name } = this.pod;
    const path = clusterPath(cluster.id, `/pods/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/log`);
    let ended = false;
    try {
      await events(path, query, running.signal, (kind, data) => {
        if (this.#running !== running) return;
        this.#heardAt = performance.now();
        this.state = this.follow ? "Following" : "Reading";
        ended ||= this.#take(kind, data);
      });
    } catch (failure) {
      if (this.#running !== running) return true;
      if (failure.status) {
        Object.assign(this, { state: "", failure });
        return true;
      }
    }
    return ended || this.#running !== running;
  }

  #take(kind, data) {
    if (kind === "lines") this.#add(data.lines.map((line) => ({ line: visible(line) })));
    if (kind === "dropped") this.#mark(`${counted(data.count, "line")} dropped here: they came faster than they could be sent.`);
    if (kind === "gap") this.#mark(`Nothing was heard for ${count(data.seconds)} s. Lines may be missing here, or there twice.`);
    if (kind !== "end") return false;
    this.#mark(data.code === "finished" ? "The log ends here." : `The stream ended: ${clean(data.reason)}`);
    this.state = "Ended";
    return true;
  }

  #mark(said) {
    this.#add([{ line: said, mark: true }]);
  }

  #add(more) {
    for (const one of more) this.#lines.push({ ...one, number: this.#number++ });
    const over = this.#lines.length - HELD_LINES;
    if (over > 0) {
      this.#lines.splice(0, over);
      this.#left += over;
    }
    this.requestUpdate();
  }

  willUpdate() {
    const log = this.renderRoot?.querySelector(".log");
    if (log) this.#atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  }

  updated() {
    const log = this.renderRoot.querySelector(".log");
    if (log && this.#atEnd) log.scrollTop = log.scrollHeight;
  }

  render() {
    const { name, namespace } = this.pod;
    return html`<niro-dialog drawer wide heading=${`Log of ${clean(namespace)}/${clean(name)}`} @niro-close=${this.#close}>
      ${this.#granted ? this.#viewer() : this.#grant()}
    </niro-dialog>`;
  }

  #viewer() {
    if (this.failure?.code === "capability_missing") return this.#grant();
    return html`${this.#tools()}
      ${this.failure ? html`<p class="note" role="alert">${clean(this.failure.message)}</p>` : nothing} ${this.#log()}`;
  }

  #tools() {
    const containers = this.pod.containers ?? [];
    return html`<div class="tools row">
      ${
        containers.length > 1
          ? html`<select aria-label="Container" @change=${(event) => this.#choose({ container: event.target.value })}>
              ${containers.map((name) => html`<option value=${name} .selected=${name === this.container}>${clean(name)}</option>`)}
            </select>`
          : nothing
      }
      ${this.#check("Follow", "follow")} ${this.#check("Previous run", "previous")}
      <span class="grow"></span>
      <input
        type="search"
        aria-label="Search in what is shown"
        placeholder="Search in what is shown"
        .value=${this.sought}
        @input=${(event) => (this.sought = event.target.value)}
      />
      <span class="muted" role="status">${this.#said()}</span>
    </div>`;
  }

  #check(label, name) {
    return html`<label class="check"
      ><input type="checkbox" .checked=${this[name]} @change=${(event) => this.#choose({ [name]: event.target.checked })} />${label}</label
    >`;
  }

  #choose(change) {
    Object.assign(this, change);
    this.#open();
  }

  #said() {
    const lines = this.#lines.filter((one) => !one.mark).length;
    const found = this.sought ? `${count(this.#found().length)} of ` : "";
    return `${this.state}${this.state && lines ? " · " : ""}${lines ? `${found}${counted(lines, "line")}` : ""}`;
  }

  #found() {
    const sought = this.sought.toLowerCase();
    return this.#lines.filter((one) => !one.mark && one.line.toLowerCase().includes(sought));
  }

  #log() {
    const all = this.sought ? this.#found() : this.#lines;
    const shown = all.slice(-SHOWN_LINES);
    const hidden = all.length - shown.length + this.#left;
    return html`<div class="log" role="log" aria-label="Log" tabindex="0">
      ${hidden > 0 ? html`<div class="mark">${counted(hidden, "earlier line")} not shown.</div>` : nothing}
      ${repeat(
        shown,
        (one) => one.number,
        (one) => html`<div class=${one.mark ? "mark" : nothing}>${one.mark ? one.line : this.#line(one.line)}</div>`,
      )}
    </div>`;
  }

  #line(line) {
    const shown = line.slice(0, LINE_CHARS);
    return html`${this.sought ? this.#marked(shown) : shown}${tooLong(line, LINE_CHARS)}`;
  }

  #marked(line) {
    const at = line.toLowerCase().indexOf(this.sought.toLowerCase());
    if (at < 0) return line;
    const end = at + this.sought.length;
    return html`${line.slice(0, at)}<mark>${line.slice(at, end)}</mark>${line.slice(end)}`;
  }

  #grant() {
    return html`<p>
        The agent of ${text(this.pod.cluster.name)} may not read logs. To grant it that, run this where you installed it, with whatever
        else you gave it then:
      </p>
      ${grantText(this.capabilities ?? ["pods"], "logs")}
      <p class="muted">Log lines are shown to members while they look, and stored nowhere.</p>`;
  }

  #close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

customElements.define("niro-pod-log", NiroPodLog);
