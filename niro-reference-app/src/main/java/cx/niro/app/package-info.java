/**
 * The program that people run: server, agent, demonstration fleet and command line, wired from the
 * two SDKs. It is the end of every dependency; nothing imports it, and logic that a vendor would
 * want as well belongs into an SDK.
 */
@NullMarked
package cx.niro.app;

import org.jspecify.annotations.NullMarked;
