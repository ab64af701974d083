package cx.niro.core.incident;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table that says which open incident explains which others, so that people are told
 * the cause and not each effect. A suppressed incident stays open and keeps its evidence. The rows
 * of an engine must have no cycle; no row reaches from one cluster to another.
 */
public final class Inhibition {
  private final Set<IncidentType> sources;
  private final Predicate<IncidentType> targets;
  private final Relation relation;

  private Inhibition(
      Set<IncidentType> sources, Predicate<IncidentType> targets, Relation relation) {
    this.sources = Set.copyOf(sources);
    this.targets = targets;
    this.relation = relation;
  }

  /** Incidents of these sources suppress those of these targets that are related so. */
  public static Inhibition of(
      Set<IncidentType> sources, Set<IncidentType> targets, Relation relation) {
    return new Inhibition(sources, Set.copyOf(targets)::contains, relation);
  }

  /** The same for targets of every type, also of an embedder's, except the spared ones. */
  public static Inhibition ofAllBut(
      Set<IncidentType> sources, Predicate<IncidentType> spared, Relation relation) {
    return new Inhibition(sources, spared.negate(), relation);
  }

  public Set<IncidentType> sources() {
    return sources;
  }

  /** Never true for a source of this row. */
  public boolean suppresses(IncidentType type) {
    return !sources.contains(type) && targets.test(type);
  }

  Relation relation() {
    return relation;
  }

  /** How a source's scope and a target's must belong together. */
  public enum Relation {
    /** They are in the same cluster. */
    CLUSTER {
      @Override
      Scope ofSource(Scope source) {
        return Scope.CLUSTER;
      }

      @Override
      List<Scope> ofTarget(Scope target, List<Scope> dependsOn) {
        return List.of(Scope.CLUSTER);
      }
    },
    /** Their scopes are equal. */
    SAME_SCOPE {
      @Override
      Scope ofSource(Scope source) {
        return source;
      }

      @Override
      List<Scope> ofTarget(Scope target, List<Scope> dependsOn) {
        return List.of(target);
      }
    },
    /** Both are about the same workload, or a container of it. */
    SAME_WORKLOAD {
      @Override
      @Nullable Scope ofSource(Scope source) {
        return source.workload();
      }

      @Override
      List<Scope> ofTarget(Scope target, List<Scope> dependsOn) {
        Scope workload = target.workload();
        return workload == null ? List.of() : List.of(workload);
      }
    },
    /** The target {@linkplain Judgement#dependsOn depends on} the source's scope. */
    DEPENDENCY {
      @Override
      Scope ofSource(Scope source) {
        return source;
      }

      @Override
      List<Scope> ofTarget(Scope target, List<Scope> dependsOn) {
        return dependsOn;
      }
    };

    /** What a source of this scope can be found by; null for nothing. */
    abstract @Nullable Scope ofSource(Scope source);

    /** What the sources of this target are found by. */
    abstract List<Scope> ofTarget(Scope target, List<Scope> dependsOn);
  }
}
