package cx.niro.server;

import cx.niro.core.ClusterId;

/** An agent whose key was checked: the cluster that the key belongs to, and the key's public id. */
public record AgentCaller(ClusterId cluster, String keyId) {}
