/** <niro-channels>: where incidents are told, whether that works, and what was sent. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Attempt } from "./niro-state.js";
import { get, list, may, patch, post, remove } from "./niro-api.js";
import { clean, count, counted, full, sentence, words } from "./niro-format.js";
import { badge, failureNote, staleNote, text } from "./niro-parts.js";
import { selectorWords } from "./niro-selector.js";
import { KINDS, channelPath } from "./niro-channel-kinds.js";
import "./niro-channel-form.js";
import { DELIVERY_STATES } from "./niro-deliveries.js";

const LOOKED_AT = 20;
const AT_MOST = 1000;

class NiroChannels extends LitElement {
  static properties = {
    editing: { state: true },
    looking: { state: true },
    deleting: { state: true },
    outcomes: { state: true },
  };

  static styles = [
    shared,
    css`
      .channels { list-style: none; display: grid; gap: 10px; }
      li { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr) auto; gap: 8px 20px; padding: 14px 16px; align-items: start; }
      .title { display: flex; gap: 8px; align-items: center; min-width: 0; }
      .title h2 { min-width: 0; }
      li p { overflow-wrap: anywhere; }
      .actions { display: flex; flex-wrap: wrap; gap: 6px; justify-content: flex-end; max-width: 430px; }
      .outcome { grid-column: 1 / -1; padding: 8px 12px; border-radius: var(--niro-radius); background: var(--tone-soft); color: var(--tone); overflow-wrap: anywhere; }
      .off { opacity: 0.75; }
      @media (max-width: 820px) { li { grid-template-columns: minmax(0, 1fr); padding: 12px 14px; } .actions { justify-content: flex-start; } }
    `,
  ];

  #attempt = new Attempt(this);
  #names = new Map();
  #live = new Live(
    this,
    (signal) => this.#load(signal),
    () => "channels",
  );

  constructor() {
    super();
    Object.assign(this, { editing: null, looking: null, deleting: null, outcomes: new Map() });
  }

  async #load(signal) {
    const channels = await list("/channels", {}, signal, AT_MOST);
    if (channels.items.some(({ selector }) => selector.clusters?.some((id) => !this.#names.has(id)))) {
      const clusters = await list("/clusters", {}, signal);
      for (const { id, name } of clusters.items) this.#names.set(id, name);
    }
    const looked = channels.items.slice(0, LOOKED_AT).map(({ id }) => this.#lastOf(id, signal));
    return { ...channels, last: new Map(await Promise.all(looked)) };
  }

  /** What was sent last, and how many could not be. */
  async #lastOf(id, signal) {
    const path = channelPath(id, "/deliveries");
    const [newest, dead] = await Promise.all([
      get(path, { limit: 1 }, signal),
      get(path, { state: "dead", limit: 100 }, signal),
    ]).catch(() => [{ items: [] }, { items: [] }]);
    return [id, { newest: newest.items[0] ?? null, dead: dead.items.length, more: Boolean(dead.nextCursor) }];
  }

  render() {
    const items = this.#live.data?.items;
    return html`<div class="head">
        <div class="grow">
          <h1>Channels</h1>
          <p class="muted" role="status">
            ${items ? `${counted(items.length, "channel")}. Each is told of the incidents that it selects: opened, raised, resolved.` : "Loading…"}
          </p>
        </div>
        ${items?.length && may("administer") ? html`<button class="primary" @click=${() => (this.editing = {})}>Add channel</button>` : nothing}
      </div>
      ${staleNote(this.#live)} ${failureNote(this.#attempt)}
      ${items?.length === 0 ? this.#welcome() : nothing}
      <ul class="channels">
        ${repeat(
          items ?? [],
          ({ id }) => id,
          (channel) => this.#channel(channel),
        )}
      </ul>
      ${this.#dialogs()}`;
  }

  #welcome() {
    return html`<section class="panel empty">
      <h2>Nobody is told yet</h2>
      <p>Add a webhook, Slack, Discord, PagerDuty or Alertmanager, and incidents are told there.</p>
      ${may("administer") ? html`<button class="primary" @click=${() => (this.editing = {})}>Add your first channel</button>` : nothing}
    </section>`;
  }

  #channel(channel) {
    const outcome = this.outcomes.get(channel.id);
    const selected = selectorWords(channel.selector, this.#names);
    return html`<li class="panel ${channel.enabled ? "" : "off"}">
      <div>
        <div class="title">
          <h2 class="cut">${text(channel.name)}</h2>
          ${channel.enabled ? nothing : html`<span class="tag warn" title="Nothing is sent to it">off</span>`}
        </div>
        <p class="muted">
          <bdi>${clean(KINDS[channel.kind]?.title ?? channel.kind)}</bdi>${channel.target ? html` to <bdi>${clean(channel.target)}</bdi>` : nothing}
        </p>
        ${channel.settings.length === 0 ? html`<p class="wrong">This server's key does not open its settings. Give them anew.</p>` : nothing}
        ${this.#sent(channel)}
      </div>
      <div>
        <p>From severity <b>${words(channel.minimumSeverity)}</b></p>
        ${selected.length ? selected.map((line) => html`<p class="sub"><bdi>${sentence(line)}</bdi></p>`) : html`<p class="sub">Every cluster and type</p>`}
      </div>
      ${this.#actions(channel)} ${outcome ? this.#outcome(outcome) : nothing}
    </li>`;
  }

  #sent({ id }) {
    const last = this.#live.data.last.get(id);
    if (!last) return nothing;
    const { newest, dead, more } = last;
    const [tone, label] = DELIVERY_STATES[newest?.state] ?? ["unknown", newest?.state];
    return html`<p class="row">
      ${
        newest
          ? html`${badge(tone, label, `${clean(newest.title)}, ${full(newest.finishedAt ?? newest.createdAt)}`)}
              <span class="muted"><niro-ago .at=${newest.finishedAt ?? newest.createdAt}></niro-ago></span>`
          : html`<span class="muted">Nothing sent yet</span>`
      }
      ${dead ? html`<span class="tag bad">${count(dead)}${more ? "+" : ""} undelivered</span>` : nothing}
    </p>`;
  }

  #actions(channel) {
    const deliveries = html`<button @click=${() => (this.looking = channel)}>Deliveries</button>`;
    if (!may("administer")) return html`<div class="actions">${deliveries}</div>`;
    const busy = this.#attempt.busy;
    if (this.deleting === channel.id)
      return html`<div class="actions">
        <button class="danger" ?disabled=${busy} @click=${() => this.#delete(channel)}>Delete with its deliveries</button>
        <button class="plain" @click=${() => (this.deleting = null)}>Keep</button>
      </div>`;
    const testing = this.outcomes.get(channel.id)?.testing;
    return html`<div class="actions">
      <button ?disabled=${testing} @click=${() => this.#test(channel)}>${testing ? "Testing…" : "Test"}</button>
      ${deliveries}
      <button @click=${() => (this.editing = channel)}>Edit</button>
      <button ?disabled=${busy} @click=${() => this.#change(() => patch(channelPath(channel.id), { enabled: !channel.enabled }))}>
        ${channel.enabled ? "Turn off" : "Turn on"}
      </button>
      <button @click=${() => (this.deleting = channel.id)}>Delete</button>
    </div>`;
  }

  #outcome({ testing, sent, why }) {
    if (testing) return html`<p class="outcome pending" role="status">Sending a test message…</p>`;
    return sent
      ? html`<p class="outcome good" role="status">The test message was sent.</p>`
      : html`<p class="outcome critical" role="alert">Not sent: <bdi>${clean(why)}</bdi></p>`;
  }

  #dialogs() {
    if (this.editing)
      return html`<niro-channel-form
        .channel=${this.editing.id ? this.editing : null}
        @niro-close=${() => (this.editing = null)}
        @niro-changed=${() => this.#live.refresh()}
      ></niro-channel-form>`;
    if (!this.looking) return nothing;
    return html`<niro-deliveries
      .channel=${this.looking}
      @niro-close=${() => (this.looking = null)}
      @niro-changed=${() => this.#live.refresh()}
    ></niro-deliveries>`;
  }

  async #test({ id }) {
    this.#tell(id, { testing: true });
    try {
      this.#tell(id, await post(channelPath(id, "/test")));
      await this.#live.refresh();
    } catch (failure) {
      this.#tell(id, { sent: false, why: failure.message });
    }
  }

  #tell(id, outcome) {
    this.outcomes = new Map(this.outcomes).set(id, outcome);
  }

  #delete({ id }) {
    this.deleting = null;
    return this.#change(() => remove(channelPath(id)));
  }

  async #change(call) {
    if (await this.#attempt.run(call)) await this.#live.refresh();
  }
}

customElements.define("niro-channels", NiroChannels);
