package cx.niro.core.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A text of {@code A-Z a-z 0-9 . _ -} only, which is never clipped: a decoder refuses one of
 * another length or alphabet.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Token {
  /** The fewest characters. */
  int min() default 1;

  /** The most characters. */
  int max();
}
