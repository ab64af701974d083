package cx.niro.server.scenario;

import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A notifier that keeps what it was sent and answers as it is told. */
final class Pager implements Notifier {
  final List<Notice> got = new ArrayList<>();
  Outcome answer = Outcome.sent();
  Runnable whenSent = () -> {};

  @Override
  public Outcome send(Notice notice, Map<String, String> settings) {
    got.add(notice);
    whenSent.run();
    return answer;
  }

  /** What arrived, as {@code EVENT title}. */
  List<String> titles() {
    return got.stream().map(notice -> notice.event() + " " + notice.title()).toList();
  }

  List<String> ids() {
    return got.stream().map(notice -> notice.id().value()).toList();
  }
}
