package cx.niro.core.incident.rules;

import cx.niro.core.incident.RuleMemory;
import cx.niro.core.snapshot.ContainerStatus.Waiting;
import cx.niro.core.snapshot.WarningEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why an image could not be pulled, as far as the kubelet's message tells.
 *
 * @param message the cause in the kubelet's words; null where it is said only from time to time
 */
record PullFailure(String cause, @Nullable String message) {
  private static final String OTHER = "other";

  /** Their order is stored: append only. */
  private static final List<String> STORED =
      List.of(
          OTHER,
          "arch_mismatch",
          "rate_limited",
          "unauthorized",
          "tls",
          "dns",
          "timeout",
          "unreachable",
          "not_found",
          "invalid_name",
          "never_pull",
          "bad_signature");

  private static final Causes CAUSES =
      Causes.none()
          .or("arch_mismatch", "no match for platform|no matching manifest|exec format error")
          .or("rate_limited", "too ?many ?requests|rate limit")
          .or("unauthorized", "unauthorized|forbidden|denied|authentication|credential|authoriz")
          .or("tls", "x509:|tls:|http response to https client")
          .or("dns", "no such host|dial tcp: lookup |name resolution|server misbehaving")
          .or("timeout", "timeout|timed out|deadline exceeded")
          .or("unreachable", "connection refused|no route to host|connection reset|unavailable")
          .or("not_found", "not found|manifest unknown|name unknown");

  private static final Map<String, String> BY_REASON =
      Map.of(
          "InvalidImageName", "invalid_name",
          "ErrImageNeverPull", "never_pull",
          "RegistryUnavailable", "unreachable",
          "SignatureValidationFailed", "bad_signature");

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("arch_mismatch", "it is not made for the node's platform"),
          Map.entry("rate_limited", "the registry's rate limit is reached"),
          Map.entry("unauthorized", "the registry does not allow it, or does not have it"),
          Map.entry("tls", "the registry's certificate is not trusted"),
          Map.entry("dns", "the registry's name is not resolved"),
          Map.entry("timeout", "the registry does not answer in time"),
          Map.entry("unreachable", "the registry cannot be reached"),
          Map.entry("not_found", "the registry does not have it"),
          Map.entry("invalid_name", "its name is not valid"),
          Map.entry("never_pull", "it is not on the node, and may not be pulled"),
          Map.entry("bad_signature", "its signature is not valid"));

  /** What the kubelet says around the cause, in more words while it waits than while it tries. */
  private static final Pattern AROUND =
      Pattern.compile(
          "(Back-off pulling image|Failed to pull image) \"[^\"]*\"(: )?|ErrImagePull: ");

  /**
   * The cause that was told last: kubelets before 1.32 leave it out between two tries. The message
   * of such a one is left out for good, or it would come and go.
   */
  static PullFailure of(ContainerSubject subject) {
    String reason = String.valueOf(subject.waitingFor());
    String text = text(subject);
    boolean bare = text.isEmpty();
    RuleMemory memory = subject.about().input().memory();
    List<Long> known = memory.recall(subject.key());
    String told = bare ? BY_REASON.get(reason) : cause(reason, text);
    String cause = told == null ? known(known) : told;
    boolean everBare = bare || (known.size() > 1 && known.get(1) == 1L);
    memory.remember(subject.key(), List.of((long) STORED.indexOf(cause), everBare ? 1L : 0L));
    return new PullFailure(cause, everBare ? null : Causes.plain(text));
  }

  /** The cause for people. */
  String words() {
    return WORDS.getOrDefault(cause, "the kubelet does not say why");
  }

  private static String text(ContainerSubject subject) {
    Waiting waiting = subject.status().waiting();
    String text = waiting == null ? "" : inner(waiting.message());
    return text.isEmpty() ? inner(newestEvent(subject)) : text;
  }

  private static String inner(@Nullable String message) {
    String text = message == null ? "" : AROUND.matcher(message).replaceAll("").strip();
    return text.equals("ErrImagePull") ? "" : text;
  }

  /** Events tell the cause for an hour, whatever the kubelet's version. */
  private static @Nullable String newestEvent(ContainerSubject subject) {
    String path = "{" + subject.status().name() + "}";
    return subject.about().sight().events(subject.about().pod()).stream()
        .filter(event -> "Failed".equals(event.reason()) && isAbout(event, path))
        .max(Comparator.comparing(event -> event.lastSeenAt() == null ? 0L : event.lastSeenAt()))
        .map(WarningEvent::message)
        .orElse(null);
  }

  private static boolean isAbout(WarningEvent event, String path) {
    WarningEvent.InvolvedObject about = event.involved();
    String message = event.message();
    return about != null
        && about.fieldPath() != null
        && about.fieldPath().endsWith(path)
        && message != null
        && message.startsWith("Failed to pull image");
  }

  private static String cause(String reason, String text) {
    String cause = BY_REASON.getOrDefault(reason, CAUSES.first(text));
    return cause == null ? OTHER : cause;
  }

  private static String known(List<Long> numbers) {
    long index = numbers.isEmpty() ? 0 : numbers.get(0);
    return index < 0 || index >= STORED.size() ? OTHER : STORED.get((int) index);
  }
}
