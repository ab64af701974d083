package cx.niro.app.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** A cluster as its client knows it; only one worker changes it. */
final class BenchCluster {
  final String name;
  volatile String id = "";
  volatile String token = "";
  volatile String key = "";
  volatile boolean keyWorks;
  volatile boolean deleting;
  volatile boolean broken;

  /** When the server last said that it has a beat; 0 before. */
  volatile long acceptedAtNanos;

  /** What was last acknowledged, and what is being tried. */
  volatile int setting;

  volatile int commands;
  int sequence;
  int sickWorkloads;
  String beat = "";

  /** Offers that wait for their result: command id to attempt. */
  final Deque<Map.Entry<String, Long>> offers = new ArrayDeque<>();

  /** What was answered already, so that an offer that comes twice gets the same result. */
  final Map<String, String> results = new HashMap<>();

  final Map<String, String> seenIncidents = new HashMap<>();

  BenchCluster(String name) {
    this.name = name;
  }

  String requestId() {
    return "request-of-" + name + "-0123456789abcdef";
  }

  String kubeSystemUid() {
    return "uid-of-" + name;
  }

  String bootId() {
    return "boot-of-" + name;
  }

  String path(String rest) {
    return "/api/v1/clusters/" + id + rest;
  }

  boolean isUsable() {
    return keyWorks && !deleting && !broken;
  }
}
