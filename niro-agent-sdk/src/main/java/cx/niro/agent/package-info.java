/**
 * The agent's runtime: it enrolls a cluster with a Niro server, keeps reporting what it sees and
 * carries out commands, using outgoing HTTPS only. The embedding program owns the process; the
 * agent brings its own two loops and stops them when it is closed.
 */
@NullMarked
package cx.niro.agent;

import org.jspecify.annotations.NullMarked;
