package cx.niro.core.managed;

import cx.niro.core.snapshot.Text;

/**
 * The output of {@code self_update}, whether it succeeded or not.
 *
 * @param image what the agent's Deployment names now
 * @param before what it named when the command began
 */
public record SelfUpdateReport(@Text(max = 1024) String image, @Text(max = 1024) String before) {}
