/** The login and the setup page: hands the form over and goes on to where the reader wanted to be. */
const form = document.querySelector("form");
const wrong = document.querySelector(".wrong");
const button = document.querySelector("button");
const address = new URL(location.href);
const secrets = new URLSearchParams(address.hash.slice(1));
const code = secrets.get("code") ?? address.searchParams.get("code");

/** Only a place on this very site. */
function goOn() {
  const next = new URL(address.searchParams.get("next") ?? "/", location.origin);
  location.replace(next.origin === location.origin ? next.pathname + next.search : "/");
}

async function hand(fields) {
  button.disabled = true;
  wrong.textContent = "";
  try {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    if (answer.ok) return goOn();
    const problem = await answer.json().catch(() => ({}));
    wrong.textContent = problem.detail ?? problem.title ?? `The server answered ${answer.status}.`;
  } catch {
    wrong.textContent = "The server cannot be reached.";
  }
  button.disabled = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  hand(form.dataset.code === undefined ? fields : { ...fields, code: code ?? "" });
});

/** A server without users has nobody who could log in here. */
async function lookForUsers() {
  const answer = await fetch("/app/session");
  const { setupNeeded } = await answer.json();
  if (setupNeeded)
    wrong.textContent = "This server has no user yet. Open the setup link that it printed when it started.";
}

// An invitation names whom it is for.
if (form.dataset.code !== undefined && secrets.get("email")) form.elements.email.value = secrets.get("email");
// The code is a secret: it leaves the address bar before anything else happens.
if (code !== null) history.replaceState(null, "", address.pathname);
if (form.dataset.code !== undefined && code === null)
  wrong.textContent = "Open the link that the server printed when it started, or that you were given.";
if (form.dataset.code === undefined) (code === null ? lookForUsers() : hand({ code })).catch(() => {});
