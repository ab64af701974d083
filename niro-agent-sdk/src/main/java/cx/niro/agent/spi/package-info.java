/**
 * What an agent's author may implement: where the inventory comes from, how a command is carried
 * out, and where the key is kept. Each interface says which thread calls it and whether it may
 * block; one that throws is logged and counted, and the agent goes on.
 */
@NullMarked
package cx.niro.agent.spi;

import org.jspecify.annotations.NullMarked;
