/**
 * The commands that are clients of the REST API, and what they share: {@link
 * cx.niro.app.cli.RestClient} and the ways to print. Nothing here knows the server's insides.
 */
@NullMarked
package cx.niro.app.cli;

import org.jspecify.annotations.NullMarked;
