package cx.niro.app.dashboard;

/** The dashboard with fixtures, to look at while its components change: {@code StubMain [PORT]}. */
final class StubMain {
  private StubMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (StubServer server =
        new StubServer(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8090)) {
      System.out.println(server.url());
      Thread.currentThread().join();
    }
  }
}
