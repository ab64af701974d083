package cx.niro.peer;

import java.io.IOException;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.ConfigurableApplicationContext;

/** Eureka as it comes, alone and on loopback; ends with its standard input. */
@SpringBootApplication
@EnableEurekaServer
public class EurekaPeer {
  public static void main(String[] arguments) throws IOException {
    SpringApplication application = new SpringApplication(EurekaPeer.class);
    application.setDefaultProperties(
        Map.of(
            "server.address", "127.0.0.1",
            "server.port", "0",
            "eureka.client.register-with-eureka", "false",
            "eureka.client.fetch-registry", "false",
            "logging.level.root", "warn",
            "spring.main.banner-mode", "off"));
    try (ConfigurableApplicationContext running = application.run(arguments)) {
      String port = running.getEnvironment().getProperty("local.server.port");
      System.out.println("bench: http://127.0.0.1:" + port);
      while (System.in.read() >= 0) {
        // Nothing is asked of it in this way.
      }
    }
  }
}
