/**
 * Measures what one heartbeat costs; {@link cx.niro.core.bench.BeatBenchmark} is all of it. Built
 * with the profile {@code benchmark} only; docs/performance.md says how to run it.
 */
@org.jspecify.annotations.NullMarked
package cx.niro.core.bench;
