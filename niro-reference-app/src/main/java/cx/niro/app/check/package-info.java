/**
 * Judgement without a server: {@link cx.niro.app.check.CheckCommand} for what kubectl prints and
 * for manifests, {@link cx.niro.app.check.ReplayCommand} for recorded heartbeats. They wire the
 * libraries to files and to a terminal.
 */
@NullMarked
package cx.niro.app.check;

import org.jspecify.annotations.NullMarked;
