package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import cx.niro.core.protocol.Token;

/**
 * The payload of {@code delete}: remove what the deployment put into the cluster.
 *
 * @param revision not lower than that of the last apply
 * @param removeData see {@link ApplyOptions}
 */
public record DeleteRequest(
    @Token(max = ManagedLimits.NAME_CHARS) String name,
    @Token(max = 63) String namespace,
    @Range(min = 1) long revision,
    boolean removeData) {}
