import { LitElement, html } from "lit";
class X extends LitElement { render() { return html`cluster`; } }
customElements.define("niro-cluster", X);
