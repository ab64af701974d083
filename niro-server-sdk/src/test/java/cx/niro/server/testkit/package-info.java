/**
 * Contract tests that every implementation of a server SPI should extend and pass, and a small
 * agent to talk to a server with.
 */
@NullMarked
package cx.niro.server.testkit;

import org.jspecify.annotations.NullMarked;
