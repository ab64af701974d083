/**
 * Senders that carry incidents to people: webhook, Slack, Discord and PagerDuty. A sender reports
 * success or failure and nothing else; retries and ordering belong to the outbox that calls it.
 */
@NullMarked
package cx.niro.server.notify;

import org.jspecify.annotations.NullMarked;
