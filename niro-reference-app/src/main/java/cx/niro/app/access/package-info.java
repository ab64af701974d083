/**
 * Who may use the server: one organization with users, sessions and API tokens, in tables of their
 * own. {@link cx.niro.app.access.Access} is the way in.
 */
@NullMarked
package cx.niro.app.access;

import org.jspecify.annotations.NullMarked;
