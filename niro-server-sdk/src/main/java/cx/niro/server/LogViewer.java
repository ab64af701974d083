package cx.niro.server;

import cx.niro.core.protocol.LogEnd;
import java.time.Duration;
import java.util.List;

/**
 * Is shown log lines, in order and by one thread at a time: the one that brings the agent's piece,
 * so no method may block. One that throws is logged and not asked to look again.
 */
public interface LogViewer {
  /** Lines as the container wrote them: they may hold anything but line feeds and NUL. */
  void lines(List<String> lines);

  /** So many lines were lost here, because the agent or this viewer was too slow for them. */
  void dropped(long count);

  /**
   * The stream broke off and goes on here; lines may be missing or shown twice.
   *
   * @param silence how long nothing was heard
   */
  void gap(Duration silence);

  /** The last call. */
  void ended(LogEnd end);
}
