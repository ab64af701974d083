package cx.niro.core.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The whole numbers that a member may have, or how many elements a list; a decoder refuses any
 * other.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Range {
  /** The smallest. */
  long min() default 0;

  /** The largest. */
  long max() default Long.MAX_VALUE;
}
