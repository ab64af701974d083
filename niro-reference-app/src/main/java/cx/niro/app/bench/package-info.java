/**
 * {@code niro bench}: what a heartbeat costs, beside floors that do less and never more. {@link
 * cx.niro.app.bench.BenchCommand} starts ours and the floors as processes of their own and is the
 * generator of the load.
 */
@NullMarked
package cx.niro.app.bench;

import org.jspecify.annotations.NullMarked;
