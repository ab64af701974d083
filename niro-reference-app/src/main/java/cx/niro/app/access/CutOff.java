package cx.niro.app.access;

import java.util.function.Predicate;

/** Ends the streams that callers had open when they lost their access. */
@FunctionalInterface
interface CutOff {
  void end(Predicate<AppCaller> whose);
}
