package cx.niro.core.snapshot;

/**
 * Whether somebody may have changed what a managed deployment put into the cluster. A server that
 * sees another mark than before asks for a {@code diff}; while the mark stays, it need not ask.
 *
 * @param name of the deployment
 * @param revision the newest that was applied
 * @param mark a hash over the deployment's objects that status writers do not change
 */
public record ManagedMark(String name, long revision, String mark) {}
