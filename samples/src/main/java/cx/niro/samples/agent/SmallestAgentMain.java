package cx.niro.samples.agent;

import cx.niro.agent.KeyStores;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.spi.CommandContext;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.agent.spi.Observation;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import java.nio.file.Path;

/**
 * An agent for one coffee machine: it shows up as a cluster of one node and can be told to brew.
 */
public final class SmallestAgentMain {
  private SmallestAgentMain() {}

  /** Takes the server's URL, the file that keeps the key and, the first time, a token. */
  public static void main(String[] args) throws InterruptedException {
    String token = args.length > 2 ? args[2] : null;
    try (NiroAgent agent =
        NiroAgent.builder(args[0])
            .keyStore(KeyStores.file(Path.of(args[1])))
            .token(token)
            .inventory(SmallestAgentMain::look)
            .commandHandler(new Brew())
            .start()) {
      Thread.currentThread().join();
    }
  }

  private static Observation look() {
    return Observation.of(ClusterSnapshot.ofNodes(Node.of("machine-1", "coffee-machine", true)));
  }

  static final class Brew implements CommandHandler {
    @Override
    public String kind() {
      return "acme.brew";
    }

    @Override
    public CommandOutcome handle(CommandContext context) {
      return CommandOutcome.succeeded(new RawJson("{\"cups\":1}"));
    }
  }
}
