/**
 * Virtual fleets against a server that runs elsewhere, over the real protocol: for trying sizes and
 * for measuring.
 */
@NullMarked
package cx.niro.app.simulate;

import org.jspecify.annotations.NullMarked;
