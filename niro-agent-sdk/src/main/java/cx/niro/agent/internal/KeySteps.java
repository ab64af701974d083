package cx.niro.agent.internal;

import cx.niro.agent.CallFailure;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The life of an agent's keys as pure functions. A crash between any two steps leaves a record that
 * holds a working key or an exchange that can be repeated.
 */
final class KeySteps {
  private KeySteps() {}

  private static final Set<String> REFUSALS =
      Stream.of(
              ErrorCode.KEY_MISSING,
              ErrorCode.KEY_MALFORMED,
              ErrorCode.KEY_UNKNOWN,
              ErrorCode.KEY_REVOKED)
          .map(ErrorCode::wireName)
          .collect(Collectors.toUnmodifiableSet());

  /** What an agent does first. */
  enum Start {
    /** A new token: exchange it, whatever keys there are. */
    NEW_ENROLLMENT,
    /** An exchange was begun and no key has come of it. */
    REPEAT_ENROLLMENT,
    /** There is a key to try. */
    REPORT,
    /** Neither key nor token. */
    NOTHING
  }

  /**
   * Whether a Niro server refused the key; the 401 of a proxy or a portal in between says nothing
   * about it.
   */
  static boolean isRefusal(CallFailure failure) {
    return failure.status() == 401 && REFUSALS.contains(failure.code());
  }

  static Start start(StoredKeys stored, @Nullable String tokenId) {
    if (tokenId != null && !tokenId.equals(stored.tokenId())) {
      return Start.NEW_ENROLLMENT;
    }
    if (stored.candidate() == null && canRepeatEnrollment(stored, tokenId)) {
      return Start.REPEAT_ENROLLMENT;
    }
    return usable(stored).isEmpty() ? Start.NOTHING : Start.REPORT;
  }

  /** Whether the exchange of this very token was begun and none of its keys has worked yet. */
  static boolean canRepeatEnrollment(StoredKeys stored, @Nullable String tokenId) {
    return tokenId != null
        && tokenId.equals(stored.tokenId())
        && stored.requestId() != null
        && stored.current() == null;
  }

  /** The keys in the order in which to try them. */
  static List<String> usable(StoredKeys stored) {
    return Stream.of(stored.candidate(), stored.current(), stored.previous())
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /** Before a token is sent: the present key steps back, to be returned to if the token fails. */
  static StoredKeys enrolling(StoredKeys stored, String tokenId, String requestId) {
    String fallback = stored.current() == null ? stored.previous() : stored.current();
    return new StoredKeys(requestId, tokenId, null, fallback, null, stored.clusterId());
  }

  /** After a token was refused: back to the key from before, and this token is not tried again. */
  static StoredKeys enrollmentRefused(StoredKeys stored) {
    return new StoredKeys(
        null, stored.tokenId(), stored.previous(), null, null, stored.clusterId());
  }

  /** Before a new key is asked for; an exchange that was begun keeps its id. */
  static StoredKeys rotating(StoredKeys stored, String requestId) {
    String id = stored.requestId() == null ? requestId : stored.requestId();
    return new StoredKeys(
        id,
        stored.tokenId(),
        stored.current(),
        stored.previous(),
        stored.candidate(),
        stored.clusterId());
  }

  /** A key has come; it is stored before its first use. */
  static StoredKeys received(StoredKeys stored, String key, @Nullable ClusterId cluster) {
    return new StoredKeys(
        stored.requestId(),
        stored.tokenId(),
        stored.current(),
        stored.previous(),
        key,
        cluster == null ? stored.clusterId() : cluster);
  }

  /**
   * {@code key} was accepted: every exchange is over. A candidate outlives that only where it came
   * after the key: as the next one of the same record, or in one that another agent wrote.
   */
  static StoredKeys worked(StoredKeys stored, String key) {
    boolean same = key.equals(stored.current());
    boolean later = same || !usable(stored).contains(key);
    String before = stored.current() == null ? stored.previous() : stored.current();
    return new StoredKeys(
        same && stored.candidate() == null ? stored.requestId() : null,
        stored.tokenId(),
        key,
        same ? stored.previous() : before,
        later ? stored.candidate() : null,
        stored.clusterId());
  }
}
