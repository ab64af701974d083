package cx.niro.app.bench;

import java.util.List;

/** Many clients that do one thing at once. */
interface Storm {
  /** What has to be there before, so that it is not measured. */
  void prepare() throws Exception;

  /** Returns when the storm is over. */
  void run() throws Exception;

  /** What its clients were answered. */
  Outcomes outcomes();

  /** What else went otherwise than it should; empty when nothing did. */
  List<String> faults();
}
