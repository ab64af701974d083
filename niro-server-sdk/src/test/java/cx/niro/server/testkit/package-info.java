/**
 * Contract tests that every implementation of a server SPI should extend and pass, a small agent to
 * talk to a server with, and {@link cx.niro.server.testkit.Wire}, which holds every answer of a
 * server against its OpenAPI document.
 */
@NullMarked
package cx.niro.server.testkit;

import org.jspecify.annotations.NullMarked;
