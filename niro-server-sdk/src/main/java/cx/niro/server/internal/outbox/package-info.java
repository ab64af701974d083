/**
 * From an incident's step to a message that its channel has: marks become groups, groups become
 * deliveries, deliveries are sent. {@link cx.niro.server.internal.outbox.Notifications} holds it
 * together; {@link cx.niro.server.internal.outbox.GroupPlan} decides what is told.
 */
@NullMarked
package cx.niro.server.internal.outbox;

import org.jspecify.annotations.NullMarked;
