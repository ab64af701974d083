package cx.niro.agent.internal;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Carries one request to the server and its answer back. */
public interface Transport {

  /**
   * Sends it. Never throws and never blocks; completes on any thread, exceptionally with an {@link
   * java.io.IOException} when there was no answer.
   */
  CompletionStage<Answer> send(Call call);

  /** Forgets every connection and starts afresh; calls under way fail. */
  void rebuild();

  /** Ends every call; those under way fail. */
  void close();

  /**
   * One request.
   *
   * @param key for the Authorization header; null for none
   * @param patience how long until the answer must be there
   * @param parks whether the server may keep it waiting on purpose
   * @param answerBytes the largest answer that is read
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Call(
      String path,
      byte[] body,
      @Nullable String key,
      Duration patience,
      boolean parks,
      long answerBytes) {}

  /** One answer, of whatever status. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, byte[] body, @Nullable Duration retryAfter) {
    boolean succeeded() {
      return status >= 200 && status < 300;
    }
  }
}
