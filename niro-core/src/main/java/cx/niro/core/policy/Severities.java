package cx.niro.core.policy;

import cx.niro.core.Environment;
import cx.niro.core.Severity;

/** How bad a finding is by environment; an unspecified one counts as staging. */
public record Severities(Severity dev, Severity staging, Severity production) {

  public static Severities of(Severity dev, Severity staging, Severity production) {
    return new Severities(dev, staging, production);
  }

  /** One for production and one for everything else. */
  public static Severities of(Severity nonProduction, Severity production) {
    return new Severities(nonProduction, nonProduction, production);
  }

  /** The same everywhere. */
  public static Severities of(Severity everywhere) {
    return new Severities(everywhere, everywhere, everywhere);
  }

  public Severity in(Environment environment) {
    return switch (environment) {
      case DEV -> dev;
      case STAGING, UNSPECIFIED -> staging;
      case PRODUCTION -> production;
    };
  }
}
