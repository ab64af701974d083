package cx.niro.agent.scenario.day;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** A controller of pods. */
interface MiniOwner {
  MiniCluster cluster();

  String namespace();

  /** A pod of it changed. */
  void changed();

  JsonObject podLabels(String revision);

  JsonObject reference(String revision);

  String restartPolicy();

  JsonArray volumes(String pod);

  /**
   * Why no node takes its pods; null when one does.
   *
   * @param tooBig whether this pod asks for more than any node has
   */
  String unschedulable(boolean tooBig);
}
