/** Data that stays fresh: a Lit controller that loads again every five seconds while somebody looks, and the tick of relative times. */
import { ago, age, full } from "./niro-format.js";
import { now } from "./niro-api.js";

const REFRESH_MILLIS = 5000;
const TIMEOUT_MILLIS = 20000;
const seen = new Map();
const SEEN_AT_MOST = 30;

function remember(key, data) {
  seen.delete(key);
  seen.set(key, data);
  if (seen.size > SEEN_AT_MOST) seen.delete(seen.keys().next().value);
}

/**
 * `load(signal)` gets the data; `key()` says which data that is, so that a screen that is opened again shows what it last had.
 * Old data stays on a failure: see `error` and `loadedAt`.
 */
export class Live {
  data = null;
  error = null;
  loadedAt = null;

  #host;
  #load;
  #key;
  #timer = 0;
  #running = null;
  #onVisibility = () => (document.visibilityState === "hidden" ? this.#pause() : this.refresh());

  constructor(host, load, key = () => null) {
    this.#host = host;
    this.#load = load;
    this.#key = key;
    host.addController(this);
  }

  hostConnected() {
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.restart();
  }

  hostDisconnected() {
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#pause();
  }

  /** Other data from now on: forgets what is shown, unless it was seen before. */
  restart() {
    this.data = seen.get(this.#key()) ?? null;
    this.error = null;
    return this.refresh();
  }

  /** Loads at once, then again every five seconds. */
  async refresh() {
    this.#pause();
    const running = new AbortController();
    this.#running = running;
    const timeout = setTimeout(() => running.abort(), TIMEOUT_MILLIS);
    try {
      // Only after the modules that are being evaluated now: one of them may still say where the API is.
      await null;
      this.#loaded(running, await this.#load(running.signal));
    } catch (failure) {
      this.#failed(running, failure);
    } finally {
      clearTimeout(timeout);
    }
    if (this.#running !== running) return;
    this.#running = null;
    if (document.visibilityState !== "hidden" && this.#host.isConnected)
      this.#timer = setTimeout(() => this.refresh(), REFRESH_MILLIS);
    this.#host.requestUpdate();
  }

  #loaded(running, data) {
    if (this.#running !== running) return;
    this.data = data;
    this.error = null;
    this.loadedAt = now();
    if (this.#key() !== null) remember(this.#key(), data);
  }

  #failed(running, failure) {
    if (this.#running === running) this.error = failure;
  }

  #pause() {
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = null;
    running?.abort();
  }
}

const ticking = new Set();
let tick = 0;

/** Calls `action` every second until the returned function is called. */
export function everySecond(action) {
  ticking.add(action);
  tick ||= setInterval(() => ticking.forEach((one) => one()), 1000);
  return () => {
    ticking.delete(action);
    if (ticking.size > 0) return;
    clearInterval(tick);
    tick = 0;
  };
}

/** <niro-ago .at=${iso}>: "3 s ago", ticking; with the attribute `plain` just "3 s". Touches nothing but its own text. */
class NiroAgo extends HTMLElement {
  #at = null;
  #stop = null;

  set at(iso) {
    if (iso === this.#at) return;
    this.#at = iso;
    this.title = full(iso);
    this.#show();
  }

  get at() {
    return this.#at;
  }

  connectedCallback() {
    this.#stop = everySecond(() => this.#show());
    this.#show();
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  #show() {
    const text = (this.hasAttribute("plain") ? age : ago)(this.#at, now());
    if (this.textContent !== text) this.textContent = text;
  }
}

customElements.define("niro-ago", NiroAgo);
