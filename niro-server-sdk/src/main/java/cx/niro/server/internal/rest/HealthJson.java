package cx.niro.server.internal.rest;

/** The answer of a probe. */
public record HealthJson(String status) {
  public static final HealthJson OK = new HealthJson("ok");
}
