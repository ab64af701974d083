package cx.niro.core.managed;

/**
 * The payload of {@code self_update}: the image that the agent shall run. Only the digest can be
 * chosen; the repository stays that of the installation.
 */
public record SelfUpdateRequest(ImageDigest digest) {}
