/** <niro-dashboard>: navigation and the screen that the address asks for. */
import { LitElement, html, css, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { get, may } from "./niro-api.js";
import { clean, count, counted } from "./niro-format.js";
import { follow, links, text } from "./niro-parts.js";
import "./niro-fleet.js";
import "./niro-cluster.js";
import "./niro-pods.js";
import "./niro-incidents.js";
import "./niro-findings.js";
import "./niro-silences.js";
import "./niro-channels.js";
import "./niro-audit.js";

/** The screens with an entry of their own: address, title, and what shows them. */
const SCREENS = [
  { path: links.fleet(), title: "Fleet", show: () => html`<niro-fleet></niro-fleet>` },
  {
    path: links.incidents(),
    title: "Incidents",
    show: () => html`<niro-incidents .query=${location.search}></niro-incidents>`,
  },
  {
    path: links.findings(),
    title: "Findings",
    show: () => html`<niro-findings .query=${location.search}></niro-findings>`,
  },
  { path: links.pods(), title: "Pods", show: () => html`<niro-pods .query=${location.search}></niro-pods>` },
  { path: links.silences(), title: "Silences", show: () => html`<niro-silences></niro-silences>` },
  { path: links.channels(), title: "Channels", show: () => html`<niro-channels></niro-channels>` },
  {
    path: links.audit(),
    title: "Audit",
    permission: "administer",
    show: () => html`<niro-audit .query=${location.search}></niro-audit>`,
  },
];

class NiroDashboard extends LitElement {
  static properties = {
    /** Whom to greet, and whether there is a session to end. */
    user: { type: String },
    /** Further screens, {path, title, show} each: an address, the entry's name, and a function whose result is shown; `permission` when it needs one. */
    screens: { attribute: false },
    address: { state: true },
  };

  static styles = [
    shared,
    css`
      :host { min-height: 100vh; background: var(--niro-page); }
      .bar { position: sticky; top: 0; z-index: 2; background: var(--niro-surface); border-bottom: 1px solid var(--niro-line); }
      .bar > div { display: flex; align-items: center; gap: 20px; height: 48px; padding: 0 20px; max-width: 1440px; margin: 0 auto; }
      .logo {
        display: inline-flex; align-items: center; gap: 8px; font-size: 16px; font-weight: 680; color: var(--niro-text);
        letter-spacing: -0.01em;
      }
      .logo:hover { text-decoration: none; }
      .logo svg { width: 20px; height: 20px; color: var(--niro-accent); }
      nav { display: flex; gap: 4px; height: 100%; }
      nav a {
        display: inline-flex; align-items: center; padding: 0 10px; color: var(--niro-muted); border-block: 2px solid transparent;
        font-weight: 540;
      }
      nav a:hover { color: var(--niro-text); text-decoration: none; }
      nav a[aria-current] { color: var(--niro-text); border-block-end-color: var(--niro-accent); }
      .firing {
        margin-inline-start: 6px; padding: 0 7px; border-radius: 9px; font-size: 12px; line-height: 18px; font-weight: 620;
        color: var(--niro-critical); background: var(--niro-critical-soft);
      }
      .user { max-width: 200px; color: var(--niro-muted); }
      main { max-width: 1440px; margin: 0 auto; padding: 20px; }
      .skip { position: absolute; inset-inline-start: -999px; }
      .skip:focus { inset: 8px auto auto 8px; z-index: 3; padding: 6px 12px; background: var(--niro-raised); }
      @media (max-width: 820px) {
        .bar > div { flex-wrap: wrap; gap: 0 10px; padding: 8px 14px 0; height: auto; }
        nav { order: 3; width: 100%; height: 40px; overflow-x: auto; scrollbar-width: none; }
        nav a { flex: none; }
        nav a:focus-visible { outline-offset: -2px; }
        .user { display: none; }
        main { padding: 14px; }
      }
    `,
  ];

  constructor() {
    super();
    this.user = "";
    this.screens = [];
    this.address = location.pathname + location.search;
  }

  /** How many incidents fire, of those that no other explains. */
  #fleet = new Live(
    this,
    (signal) => get("/fleet", {}, signal),
    () => "counts",
  );

  #onPop = () => (this.address = location.pathname + location.search);

  connectedCallback() {
    super.connectedCallback();
    addEventListener("popstate", this.#onPop);
    this.addEventListener("niro-navigate", this.#navigated);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("popstate", this.#onPop);
  }

  render() {
    const screen = this.#screen;
    return html`
      <a class="skip" href="#main" @click=${this.#toMain}>Skip to content</a>
      <div class="bar">
        <div>
          <a class="logo" href=${links.fleet()} @click=${follow}>${logo}Niro</a>
          <nav aria-label="Main">
            ${this.#screens.map((one) => this.#link(one, one === screen || (screen.id && one.path === links.fleet())))}
          </nav>
          <span class="grow"></span>
          ${this.user ? html`<span class="user cut">${text(this.user)}</span><button class="plain" @click=${this.#leave}>Sign out</button>` : nothing}
        </div>
      </div>
      <main id="main" tabindex="-1" @niro-filter=${this.#filtered} @niro-title=${this.#titled}>
        ${screen.show()}
      </main>
    `;
  }

  get #screens() {
    return [...SCREENS, ...this.screens].filter(({ permission }) => !permission || may(permission));
  }

  /** What the address asks for. */
  get #screen() {
    const path = this.address.split("?")[0];
    const cluster = path.match(/^\/clusters\/([^/]+)(?:\/([a-z]+))?\/?$/);
    if (cluster) return clusterScreen(decodeURIComponent(cluster[1]), cluster[2] ?? "overview");
    return this.#screens.find((one) => one.path === path) ?? { show: missing };
  }

  #link({ path, title }, current) {
    return html`<a href=${path} aria-current=${current ? "page" : nothing} @click=${follow}
      >${title}${path === links.incidents() ? this.#firing() : nothing}</a
    >`;
  }

  #firing() {
    const firing = this.#fleet.data?.openIncidents;
    if (!firing) return nothing;
    return html` <span class="firing" title="${counted(firing, "incident")} firing"
      >${count(firing)}<span class="quiet"> firing</span></span
    >`;
  }

  #navigated = (event) => {
    event.preventDefault();
    this.#go(event.detail.href);
  };

  /** A filter is part of the address, but no step of the way back. */
  #filtered = (event) => {
    history.replaceState(null, "", event.detail.href);
    this.address = event.detail.href;
  };

  #titled = (event) => (document.title = `${clean(event.detail.title)} · Niro`);

  updated(changed) {
    const { id, title } = this.#screen;
    if (changed.has("address"))
      this.renderRoot.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (changed.has("address") && !id) document.title = !title || title === "Fleet" ? "Niro" : `${title} · Niro`;
  }

  async #go(href) {
    const samePage = href.split("/")[2] === location.pathname.split("/")[2] && href.startsWith("/clusters/");
    history.pushState(null, "", href);
    this.address = href;
    await this.updateComplete;
    if (!samePage) scrollTo(0, 0);
  }

  #toMain = (event) => {
    event.preventDefault();
    this.renderRoot.querySelector("main").focus();
  };

  #leave = () => this.dispatchEvent(new CustomEvent("niro-leave"));
}

const clusterScreen = (id, tab) => ({
  id,
  show: () =>
    keyed(id, html`<niro-cluster .cluster=${id} .tab=${tab} .query=${location.search}></niro-cluster>`),
});

const missing = () =>
  html`<section class="panel empty">
    <h2>There is no such page</h2>
    <a href=${links.fleet()} @click=${follow}>To the fleet</a>
  </section>`;

const logo = html`<svg viewBox="0 0 20 20" aria-hidden="true">
  <path
    d="M10 1l7.8 4.5v9L10 19l-7.8-4.5v-9z"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linejoin="round"
  />
  <path
    d="M6.6 13.4V6.6l6.8 6.8V6.6"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linejoin="round"
    stroke-linecap="round"
  />
</svg>`;

customElements.define("niro-dashboard", NiroDashboard);
