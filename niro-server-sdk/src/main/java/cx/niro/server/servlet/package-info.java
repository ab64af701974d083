/**
 * The adapter that mounts Niro into a servlet container, Jakarta Servlet 6.0 or newer. Long polls
 * are held without a thread, so the servlet and every filter before it must support asynchronous
 * requests.
 */
@NullMarked
package cx.niro.server.servlet;

import org.jspecify.annotations.NullMarked;
