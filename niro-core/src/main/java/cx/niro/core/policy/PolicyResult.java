package cx.niro.core.policy;

import cx.niro.core.incident.Scope;
import org.jspecify.annotations.Nullable;

/**
 * How one workload stands to one rule.
 *
 * @param finding what is wrong, for a failure and for what would be one but is exempt
 * @param reason why, for a state that is neither pass nor fail
 */
public record PolicyResult(
    PolicyId rule,
    Scope scope,
    PolicyState state,
    @Nullable Finding finding,
    @Nullable String reason) {}
