/** Ties the components to this program's session: who is signed in, the CSRF token, the way to the login page. */
import { html } from "lit";
import { connect } from "/niro/niro-api.js";
import "/shell/access.js";

let csrf = "";
let signedIn = null;

function toLogin() {
  const here = location.pathname + location.search;
  location.replace(here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`);
}

connect({ headers: () => (csrf ? { "Niro-CSRF": csrf } : {}), onUnauthorized: toLogin });

async function session(dashboard) {
  const answer = await fetch("/app/session", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return void setTimeout(() => session(dashboard), 5000);
  const { user, csrfToken } = await answer.json();
  if (!user) return toLogin();
  csrf = csrfToken;
  signedIn = user;
  connect({ permissions: user.permissions });
  dashboard.user = user.email;
  // Only now, so that nobody sees a button that he may not press.
  await import("/niro/niro-dashboard.js");
}

const dashboard = document.querySelector("niro-dashboard");
dashboard.screens = [
  { path: "/access", title: "Access", show: () => html`<niro-access .user=${signedIn}></niro-access>` },
];
dashboard.addEventListener("niro-leave", async () => {
  await fetch("/app/logout", { method: "POST", headers: { "Niro-CSRF": csrf } });
  location.replace("/login");
});
await session(dashboard);
