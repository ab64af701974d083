package cx.niro.core.protocol;

import cx.niro.core.BootId;

/** Asks for a new key; repeats carry the same {@code requestId}. */
public record KeyRequest(BootId bootId, String requestId) {}
