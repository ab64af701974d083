package cx.niro.agent.scenario.day;

/**
 * What becomes of the pods of one revision of a workload.
 *
 * @param runs how many seconds a container runs until it ends, for those that end
 * @param readyAfter how many seconds of running its readiness probe needs
 */
record Behaviour(Kind kind, double runs, double readyAfter) {
  enum Kind {
    WELL,
    CRASHES,
    KILLED,
    NO_IMAGE,
    NO_CONFIG,
    INIT_FAILS,
    NO_NODE,
    NO_VOLUME,
    NEVER_READY,
    COMPLETES,
    RETRIES,
    FAILS
  }

  static Behaviour well(double readyAfter) {
    return new Behaviour(Kind.WELL, 0, readyAfter);
  }

  static Behaviour of(Kind kind) {
    return new Behaviour(kind, 6, 5);
  }

  static Behaviour of(Kind kind, double runs) {
    return new Behaviour(kind, runs, 5);
  }
}
