/** The one door to the REST API, and to the server's idea of the time. */

const options = {
  base: "/api/v1",
  headers: () => ({}),
  onUnauthorized: () => dispatchEvent(new CustomEvent("niro-unauthorized")),
  permissions: ["read", "write", "administer"],
};

/**
 * Tells all components of the page where the API is.
 * base: URL of /api/v1; headers: function whose result goes with every call (a CSRF token, a bearer token);
 * onUnauthorized: called on 401, by default an event "niro-unauthorized" on window;
 * permissions: what the reader may do, of read, write and administer: buttons for the rest are left out.
 */
export function connect(changes) {
  Object.assign(options, changes);
}

/** Whether the reader may do this, so that no button is there that the server would refuse. */
export const may = (permission) => options.permissions.includes(permission);

/** An answer that is not a success, or none at all (status 0). */
export class ApiError extends Error {
  constructor(status, problem) {
    super(
      problem?.detail ||
        problem?.title ||
        (status ? `The server answered ${status}.` : "The server cannot be reached."),
    );
    this.status = status;
    this.code = problem?.code ?? null;
    this.field = problem?.field ?? null;
  }
}

/** Where the server's clock stands against this browser's: the range that every Date header so far agrees with. */
const skew = { low: -Infinity, high: Infinity };

function learnTime(header, sent, received) {
  const date = Date.parse(header ?? "");
  if (Number.isNaN(date)) return;
  const low = date - received;
  const high = date + 1000 - sent;
  const disagrees = low > skew.high || high < skew.low;
  skew.low = disagrees ? low : Math.max(low, skew.low);
  skew.high = disagrees ? high : Math.min(high, skew.high);
}

/** The server's time in milliseconds, whatever the browser's clock says. */
export function now() {
  return Date.now() + (Number.isFinite(skew.low) ? (skew.low + skew.high) / 2 : 0);
}

async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

async function open(method, path, { query, body, signal, accept = "application/json" } = {}) {
  const url = options.base + path + search(query);
  const headers = { Accept: accept, ...options.headers() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const sent = Date.now();
  let response;
  try {
    response = await fetch(url, {
      method,
      headers,
      signal,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new ApiError(0);
  }
  learnTime(response.headers.get("Date"), sent, Date.now());
  if (response.status === 401) options.onUnauthorized();
  if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  return response;
}

async function call(method, path, what) {
  const response = await open(method, path, what);
  return response.status === 204 ? null : response.json();
}

/** Server-Sent Events of one call: `event(name, data)` for each, until the server ends them, or `signal` does. */
export async function events(path, query, signal, event) {
  const response = await open("GET", path, { query, signal, accept: "text/event-stream" });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const whole = (rest + read.value).split("\n\n");
    rest = whole.pop();
    for (const one of whole) tell(one, event);
  }
}

function tell(block, event) {
  const name = block.match(/^event: (.*)$/m)?.[1];
  const data = block.match(/^data: (.*)$/m)?.[1];
  if (name && data) event(name, JSON.parse(data));
}

/** Where the server is, as this page reaches it, without a slash at the end. */
export const serverUrl = () => new URL(options.base, location.href).href.replace(/\/api\/v1\/?$/, "");

function search(query = {}) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") parameters.append(name, one);
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

export const get = (path, query, signal) => call("GET", path, { query, signal });
export const post = (path, body) => call("POST", path, { body });
export const put = (path, body) => call("PUT", path, { body });
export const patch = (path, body) => call("PATCH", path, { body });
export const remove = (path, query) => call("DELETE", path, { query });

/** Pages of a list until its end or `most` items: the last answer with all items in it; nextCursor tells whether there are more. */
export async function list(path, query, signal, most = Infinity) {
  const items = [];
  let answer;
  let cursor;
  do {
    answer = await get(path, { ...query, limit: Math.min(1000, most - items.length), cursor }, signal);
    items.push(...answer.items);
    cursor = answer.nextCursor;
  } while (cursor && items.length < most);
  return { ...answer, items };
}

/** The path of a cluster and what is below it. */
export const clusterPath = (id, rest = "") => `/clusters/${encodeURIComponent(id)}${rest}`;

/** A command once it is finished, or after half a minute as it is then. */
export const finished = (cluster, command, signal) =>
  get(clusterPath(cluster, `/commands/${encodeURIComponent(command)}`), { waitSeconds: 30 }, signal);
