package cx.niro.core.snapshot;

import org.jspecify.annotations.Nullable;

/** Another object of the same namespace that controls this one. */
public record OwnerReference(String kind, String name, @Nullable String uid) {}
