package cx.niro.server.manifest;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.parser.Parser;

/** Ends a document that is nested too deep before anybody follows it by recursion. */
final class DepthLimit implements Parser {
  private final Parser parser;
  private final int limit;
  private int depth;

  DepthLimit(Parser parser, int limit) {
    this.parser = parser;
    this.limit = limit;
  }

  /** It is nested too deep. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    private Exceeded(int line) {
      super("nested too deep", null, false, false);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  @Override
  public Event next() {
    Event event = parser.next();
    switch (event.getEventId()) {
      case MappingStart, SequenceStart -> depth++;
      case MappingEnd, SequenceEnd -> depth--;
      default -> {}
    }
    if (depth > limit) {
      throw new Exceeded(event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
    }
    return event;
  }
}
