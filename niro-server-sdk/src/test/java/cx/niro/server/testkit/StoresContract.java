package cx.niro.server.testkit;

import cx.niro.server.spi.Stores;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * What every implementation of {@link Stores} promises; extend it with your own and run it:
 *
 * <pre>{@code
 * class MyStoresTest extends StoresContract {
 *   protected Stores open() { return new MyStores(...); }   // empty, for each test
 * }
 * }</pre>
 */
public abstract class StoresContract {
  /** Fresh and empty stores; called once for each test, and closed after it. */
  protected abstract Stores open();

  @Nested
  @DisplayName("A transaction")
  class Transactions extends TransactionContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Clusters")
  class Clusters extends ClusterStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Enrollment tokens")
  class Enrollments extends EnrollmentStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Agent keys")
  class Keys extends AgentKeyStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Sessions")
  class Sessions extends SessionStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Commands")
  class Commands extends CommandStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Incidents")
  class Incidents extends IncidentStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Findings")
  class Findings extends FindingStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Silences")
  class Silences extends SilenceStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Managed deployments")
  class Deployments extends DeploymentStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("The timeline")
  class Timeline extends TimelineStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("The audit")
  class Audit extends AuditStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Notifications")
  class Notifications extends NotificationStoresContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Servers over the same stores")
  class Replicas extends ReplicaStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Retention")
  class Retention extends RetentionStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Inventory and last-seen")
  class Inventory extends InventoryStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }

  @Nested
  @DisplayName("Rows of servers")
  class Relays extends RelayStoreContract {
    @Override
    protected Stores open() {
      return StoresContract.this.open();
    }
  }
}
