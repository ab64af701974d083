/**
 * The agent protocol and the REST API as one handler with plain request and response records. It
 * depends on no web framework; an adapter of a page or two mounts it in any.
 */
@NullMarked
package cx.niro.server.http;

import org.jspecify.annotations.NullMarked;
