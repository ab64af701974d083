package cx.niro.core.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Tells a null that was sent from a member that was not: a decoder gives this number for the first
 * and null for the second. For whole numbers that a request can take back.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface NullMeans {
  /** What stands for a null. */
  int value();
}
