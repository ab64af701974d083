/** The kinds of channels that Niro comes with, and the settings of each. */
const ADDRESS = { name: "url", label: "Address", type: "url", placeholder: "https://…" };

/** A kind of an embedder's own is shown by its name, and edited by what the API knows of it. */
export const KINDS = {
  webhook: {
    title: "Webhook",
    fields: [
      { ...ADDRESS, required: true },
      {
        name: "secret",
        label: "Secret",
        required: true,
        generate: true,
        placeholder: "whsec_…",
        hint: "Signs every message. Give it to the receiver now: it is not shown again",
      },
    ],
  },
  slack: {
    title: "Slack",
    fields: [{ ...ADDRESS, required: true, placeholder: "https://hooks.slack.com/services/…", hint: "Of an incoming webhook" }],
  },
  discord: {
    title: "Discord",
    fields: [{ ...ADDRESS, required: true, placeholder: "https://discord.com/api/webhooks/…", hint: "Of a webhook" }],
  },
  pagerduty: {
    title: "PagerDuty",
    fields: [
      { name: "routingKey", label: "Routing key", required: true, hint: "Of an Events API v2 integration" },
      { ...ADDRESS, hint: "For another region; may be empty" },
    ],
  },
  alertmanager: {
    title: "Alertmanager",
    fields: [
      { ...ADDRESS, required: true, hint: "Without /api/v2/alerts" },
      { name: "token", label: "Bearer token", hint: "May be empty" },
    ],
  },
};

/** The path of a channel and what is below it. */
export const channelPath = (id, rest = "") => `/channels/${encodeURIComponent(id)}${rest}`;

/** A secret as Standard Webhooks wants it: 32 bytes drawn by the browser. */
export function newSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
