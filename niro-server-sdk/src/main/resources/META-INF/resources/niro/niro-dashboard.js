/** <niro-dashboard>: navigation and the screen that the address asks for. */
import { LitElement, html, css, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { shared } from "./niro-style.js";
import { clean } from "./niro-format.js";
import { follow, links, text } from "./niro-parts.js";
import "./niro-fleet.js";
import "./niro-cluster.js";
import "./niro-pods.js";

/** Address → screen; what matches nothing is the fleet's. */
function screenOf(path) {
  const cluster = path.match(/^\/clusters\/([^/]+)(?:\/([a-z]+))?\/?$/);
  if (cluster) return { name: "cluster", id: decodeURIComponent(cluster[1]), tab: cluster[2] ?? "overview" };
  return { name: path === "/pods" ? "pods" : path === "/" ? "fleet" : "missing" };
}

class NiroDashboard extends LitElement {
  static properties = {
    /** Whom to greet, and whether there is a session to end. */
    user: { type: String },
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
      .user { max-width: 200px; color: var(--niro-muted); }
      main { max-width: 1440px; margin: 0 auto; padding: 20px; }
      .skip { position: absolute; inset-inline-start: -999px; }
      .skip:focus { inset: 8px auto auto 8px; z-index: 3; padding: 6px 12px; background: var(--niro-raised); }
      @media (max-width: 820px) {
        .bar > div { gap: 10px; padding: 0 14px; }
        .user { display: none; }
        main { padding: 14px; }
      }
    `,
  ];

  constructor() {
    super();
    this.user = "";
    this.address = location.pathname + location.search;
  }

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
    const screen = screenOf(this.address.split("?")[0]);
    return html`
      <a class="skip" href="#main" @click=${this.#toMain}>Skip to content</a>
      <div class="bar">
        <div>
          <a class="logo" href=${links.fleet()} @click=${follow}>${logo}Niro</a>
          <nav aria-label="Main">
            ${this.#link(links.fleet(), "Fleet", screen.name === "fleet" || screen.name === "cluster")}
            ${this.#link(links.pods(), "Pods", screen.name === "pods")}
          </nav>
          <span class="grow"></span>
          ${this.user ? html`<span class="user cut">${text(this.user)}</span><button class="plain" @click=${this.#leave}>Sign out</button>` : nothing}
        </div>
      </div>
      <main id="main" tabindex="-1" @niro-filter=${this.#filtered} @niro-title=${this.#titled}>
        ${this.#screen(screen)}
      </main>
    `;
  }

  #link(href, label, current) {
    return html`<a href=${href} aria-current=${current ? "page" : nothing} @click=${follow}>${label}</a>`;
  }

  #screen(screen) {
    if (screen.name === "cluster")
      return keyed(screen.id, html`<niro-cluster .cluster=${screen.id} .tab=${screen.tab}></niro-cluster>`);
    if (screen.name === "pods") return html`<niro-pods .query=${location.search}></niro-pods>`;
    if (screen.name === "fleet") return html`<niro-fleet></niro-fleet>`;
    return html`<section class="panel empty">
      <h2>There is no such page</h2>
      <a href=${links.fleet()} @click=${follow}>To the fleet</a>
    </section>`;
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
    const { name } = screenOf(this.address.split("?")[0]);
    if (changed.has("address") && name !== "cluster") document.title = name === "pods" ? "Pods · Niro" : "Niro";
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
