package cx.niro.agent.scenario.day;

/** Something that happens to a cluster, and ends within two hours. */
interface Happening {
  void in(Town town);
}
