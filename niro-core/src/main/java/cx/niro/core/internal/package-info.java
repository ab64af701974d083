/**
 * How the codec and the other pure parts are made. Nothing here is API: it may change in any
 * release, and no public signature names a type of this package.
 */
@NullMarked
package cx.niro.core.internal;

import org.jspecify.annotations.NullMarked;
