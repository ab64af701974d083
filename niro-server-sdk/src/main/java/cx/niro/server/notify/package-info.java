/**
 * The kinds of channels that are there: webhook, Slack, Discord, PagerDuty and Alertmanager, over
 * HTTPS and only to addresses that are nobody's inside. {@link cx.niro.server.notify.HttpNotifiers}
 * makes them; a kind of your own implements {@link cx.niro.server.spi.Notifier} instead.
 */
@NullMarked
package cx.niro.server.notify;

import org.jspecify.annotations.NullMarked;
