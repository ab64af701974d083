package cx.niro.agent.kubernetes;

import cx.niro.agent.kubernetes.ApiFailure.Cause;
import cx.niro.core.managed.ObjectRef;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a failed call about one object means, and how it is told without telling secrets. */
record Refused(ApiFailure failure) {
  private static final Pattern RBAC =
      Pattern.compile(".* cannot (\\w+) resource .*", Pattern.DOTALL);

  /** The agent's permissions do not go so far, in words of the API server that hold no values. */
  boolean isForbidden() {
    return failure.code() == 403 && RBAC.matcher(said()).matches();
  }

  /** Another field manager owns fields. */
  boolean isFieldConflict() {
    return failure.isConflict()
        && failure.causes().stream().anyMatch(c -> c.reason().equals("FieldManagerConflict"));
  }

  /** It can never be applied as it is written. */
  boolean isInvalid() {
    return (failure.code() == 422 || failure.code() == 400) && !isWebhook();
  }

  /** A webhook refused, or could not be asked: in earnest it may be otherwise. */
  boolean isWebhook() {
    String said = said().toLowerCase(Locale.ROOT);
    return said.contains("admission webhook") || said.contains("failed calling webhook");
  }

  /** Something that it needs is not there. */
  boolean isMissingNamespace() {
    return failure.isAbsent() && said().startsWith("namespaces \"");
  }

  private String said() {
    return String.valueOf(failure.getMessage());
  }

  String message(ObjectRef ref, ApiResource resource) {
    if (isForbidden()) {
      Matcher rbac = RBAC.matcher(said());
      String verb = rbac.matches() ? rbac.group(1) : "change";
      return "the agent may not %s %s; add a ClusterRole with the label %s: \"true\" and the verbs get, list, watch, create, patch, delete on %s of API group \"%s\""
          .formatted(
              verb,
              resource.qualified(),
              OwnGround.APPLY_LABEL,
              resource.plural(),
              resource.group());
    }
    return Manifest.isSecret(ref) ? ofSecret() : said();
  }

  /** The API server quotes what it refuses, so of a Secret only the names of fields are told. */
  private String ofSecret() {
    List<Cause> causes = failure.causes();
    String fields =
        causes.isEmpty()
            ? ""
            : causes.stream()
                .map(Cause::field)
                .distinct()
                .collect(Collectors.joining(", ", " at ", ""));
    return "the API server refused the Secret with HTTP "
        + failure.code()
        + (failure.reason().isEmpty() ? "" : " " + failure.reason())
        + fields
        + "; its words are left out, they may hold values";
  }
}
