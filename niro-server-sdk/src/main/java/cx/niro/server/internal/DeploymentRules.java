package cx.niro.server.internal;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.VisibleText;
import cx.niro.core.managed.ManagedLimits;
import cx.niro.server.Deployments.Spec;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.StoreTx;
import java.util.List;
import java.util.regex.Pattern;

/** What a managed deployment must be like. */
final class DeploymentRules {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int MANAGER_CHARS = 128;

  private DeploymentRules() {}

  /** Writes over what was read in this transaction; whoever was slower asks again. */
  static void update(StoreTx tx, DeploymentRow seen, DeploymentRow next) {
    if (!tx.deployments().update(seen, next)) {
      throw new RetryLaterException(
          ErrorCode.OVERLOADED,
          "somebody else changes the deployment " + seen.name() + " just now");
    }
  }

  static void check(Spec spec) {
    checkLabel("name", spec.name());
    checkLabel("namespace", spec.namespace());
    checkManagers(spec.cedeTo());
  }

  private static void checkLabel(String field, String text) {
    if (!LABEL.matcher(text).matches()) {
      throw invalid(
          field
              + " must have 1 to 63 lower-case letters, digits and hyphens, no hyphen at its ends");
    }
  }

  static void checkManagers(List<String> managers) {
    if (managers.size() > ManagedLimits.CEDE_TO) {
      throw invalid("cedeTo must be at most " + ManagedLimits.CEDE_TO);
    }
    for (String manager : managers) {
      if (manager.isBlank() || manager.length() > MANAGER_CHARS) {
        throw invalid("cedeTo must be names of 1 to " + MANAGER_CHARS + " characters");
      }
      VisibleText.check("cedeTo", manager);
    }
  }

  static InvalidRequestException invalid(String detail) {
    return new InvalidRequestException(ErrorCode.INVALID_FIELD, detail);
  }

  static InvalidRequestException notFound(String name) {
    return new InvalidRequestException(
        ErrorCode.NOT_FOUND, "there is no managed deployment " + name);
  }

  static InvalidRequestException taken(String name) {
    return new InvalidRequestException(
        ErrorCode.NAME_TAKEN, "the cluster has a managed deployment " + name + " already");
  }

  static InvalidRequestException beingDeleted(String name) {
    return new InvalidRequestException(
        ErrorCode.NAME_TAKEN, "the managed deployment " + name + " is being deleted");
  }
}
