package cx.niro.server.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Tests that need {@link RealPostgres}: skipped, or failing, where none can be started. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "cx.niro.server.testkit.RealPostgres#isThere",
    disabledReason = "no PostgreSQL can be started on this machine; the log says why")
public @interface WithPostgres {}
