/**
 * A server with a small simulated fleet in which things go wrong, for a first look. Everything in
 * it is thrown away at the end.
 */
@NullMarked
package cx.niro.app.demo;

import org.jspecify.annotations.NullMarked;
