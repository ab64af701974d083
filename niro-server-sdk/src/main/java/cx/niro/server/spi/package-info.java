/**
 * What a vendor may implement: where state is stored, who may do what, how one replica wakes
 * another. Each interface says whether it may block, which threads call it and what must be atomic,
 * and each has a contract test that an implementation should pass.
 */
@NullMarked
package cx.niro.server.spi;

import org.jspecify.annotations.NullMarked;
