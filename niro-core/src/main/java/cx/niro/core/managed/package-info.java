/**
 * What server and agent say to one another about managed deployments: the payloads of the commands
 * {@code apply}, {@code delete} and {@code diff}, and what comes of them, and of {@code
 * self_update}. Start at {@link cx.niro.core.managed.ApplyRequest}. They travel through {@link
 * cx.niro.core.protocol.NiroCodec} as the payload of a command and the output of its result.
 */
@NullMarked
package cx.niro.core.managed;

import org.jspecify.annotations.NullMarked;
