import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Adds up the test reports of the modules named, after the label, and fails where a module ran no
 * test or a test was skipped for a reason that CI does not know.
 */
public final class Reports {
  /** Only what CI cannot have may be skipped: a real Kubernetes API server. */
  private static final String ALLOWED_REASON = "NIRO_TEST_KUBECONFIG";

  private int run;
  private int failures;
  private int errors;
  private int skipped;
  private final List<String> complaints = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    Reports reports = new Reports();
    for (String module : List.of(args).subList(1, args.length)) {
      reports.addModule(module);
    }
    reports.complaints.forEach(complaint -> System.err.println("ci: " + complaint));
    System.out.printf(
        "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d (%s)%n",
        reports.run, reports.failures, reports.errors, reports.skipped, args[0]);
    if (reports.failures + reports.errors + reports.complaints.size() > 0) {
      System.exit(1);
    }
  }

  private void addModule(String module) throws Exception {
    int before = run;
    for (Path report : reportsOf(Path.of(module, "target", "surefire-reports"))) {
      addSuite(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getDocumentElement());
    }
    if (run == before) {
      complaints.add(module + " ran no test");
    }
  }

  private static List<Path> reportsOf(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).toList();
    }
  }

  private void addSuite(Element suite) {
    run += Integer.parseInt(suite.getAttribute("tests"));
    failures += Integer.parseInt(suite.getAttribute("failures"));
    errors += Integer.parseInt(suite.getAttribute("errors"));
    NodeList skips = suite.getElementsByTagName("skipped");
    skipped += skips.getLength();
    for (int i = 0; i < skips.getLength(); i++) {
      Element skip = (Element) skips.item(i);
      String reason = skip.getAttribute("message") + skip.getTextContent();
      if (!reason.contains(ALLOWED_REASON)) {
        Element test = (Element) skip.getParentNode();
        complaints.add(
            "skipped: %s.%s: %s"
                .formatted(test.getAttribute("classname"), test.getAttribute("name"), reason));
      }
    }
  }
}
