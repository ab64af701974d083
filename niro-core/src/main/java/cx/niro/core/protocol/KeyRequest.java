package cx.niro.core.protocol;

import cx.niro.core.BootId;

/** Asks for a new key; repeats carry the same {@code requestId}. */
public record KeyRequest(BootId bootId, @Token(min = 22, max = 128) String requestId) {}
