package cx.niro.core.policy;

import org.jspecify.annotations.Nullable;

/**
 * What the engine and people have to know of a rule before it is asked. {@link #of} gives a rule
 * that applies whatever the profile and the version of Kubernetes.
 *
 * @param title what a workload is accused of, for example {@code Container runs privileged}
 * @param fix what to do about it, one sentence
 * @param standard the Pod Security Standard that the rule belongs to: {@link
 *     PolicyProfile#BASELINE}, {@link PolicyProfile#RESTRICTED}, or null for none
 * @param sinceMinor the first Kubernetes 1.x that the rule is about
 * @param replaces the milder rule on the same subject: one of the two is told, never both
 */
public record PolicySpec(
    PolicyId id,
    Severities severities,
    String title,
    String fix,
    @Nullable PolicyProfile standard,
    int sinceMinor,
    @Nullable PolicyId replaces) {

  /** A rule with this id. */
  public static PolicySpec of(String id, Severities severities, String title, String fix) {
    return new PolicySpec(new PolicyId(id), severities, title, fix, null, 0, null);
  }

  /** The same, as a rule of this Pod Security Standard. */
  public PolicySpec in(PolicyProfile of) {
    return new PolicySpec(id, severities, title, fix, of, sinceMinor, replaces);
  }

  /** The same, not asked for clusters older than Kubernetes 1.{@code minor}. */
  public PolicySpec since(int minor) {
    return new PolicySpec(id, severities, title, fix, standard, minor, replaces);
  }

  /**
   * The same, instead of the milder rule: where the profile is restricted the milder one does not
   * apply, elsewhere this one does not apply to what the milder one already accuses.
   */
  public PolicySpec replacing(PolicyId milder) {
    return new PolicySpec(id, severities, title, fix, standard, sinceMinor, milder);
  }
}
