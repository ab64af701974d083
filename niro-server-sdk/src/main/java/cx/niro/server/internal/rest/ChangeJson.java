package cx.niro.server.internal.rest;

import org.jspecify.annotations.Nullable;

/** What changed, by id; {@code missed} counts events that a slow reader lost. */
public record ChangeJson(@Nullable String cluster, @Nullable String id, @Nullable Integer missed) {}
