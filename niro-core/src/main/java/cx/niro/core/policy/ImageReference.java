package cx.niro.core.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A container image's name, taken apart by the grammar of the distribution project's {@code
 * reference} package, with Docker Hub's defaults: {@code nginx} is {@code docker.io/library/nginx}.
 * The first part is a registry only if it has a dot, a port, a capital letter, or is {@code
 * localhost}.
 *
 * @param registry host, with its port if there is one
 * @param repository without the registry
 * @param tag null when none is given, which a runtime reads as {@code latest}
 * @param digest for example {@code sha256:…}; it wins over the tag
 */
public record ImageReference(
    String registry, String repository, @Nullable String tag, @Nullable String digest) {
  public static final String DOCKER_HUB = "docker.io";

  /** The longest text taken; names have at most 255 characters, tags 128. */
  public static final int MAX_CHARS = 1024;

  private static final int NAME_CHARS = 255;

  /**
   * Takes {@code text} apart.
   *
   * @throws InvalidImageReferenceException when it is no reference, for example because of a
   *     capital letter in the repository; a kubelet says InvalidImageName of such
   */
  public static ImageReference parse(String text) {
    check(!text.isEmpty(), text, "is empty");
    check(text.length() <= MAX_CHARS, text, "has more than " + MAX_CHARS + " characters");
    check(!ImageGrammar.isId(text), text, "is an image id, not a name");
    int at = text.indexOf('@');
    String digest = at < 0 ? null : text.substring(at + 1);
    String rest = at < 0 ? text : text.substring(0, at);
    int colon = rest.lastIndexOf(':');
    boolean tagged = colon > rest.lastIndexOf('/');
    String tag = tagged ? rest.substring(colon + 1) : null;
    String name = tagged ? rest.substring(0, colon) : rest;
    check(digest == null || ImageGrammar.isDigest(digest), text, "has a bad digest");
    check(tag == null || ImageGrammar.isTag(tag), text, "has a bad tag");
    return of(text, name, tag, digest);
  }

  private static ImageReference of(
      String text, String name, @Nullable String tag, @Nullable String digest) {
    int slash = name.indexOf('/');
    boolean hosted = slash > 0 && looksHosted(name.substring(0, slash));
    String registry = hosted ? name.substring(0, slash) : DOCKER_HUB;
    String repository = hosted ? name.substring(slash + 1) : name;
    check(ImageGrammar.isHost(registry), text, "has a bad registry");
    check(ImageGrammar.isPath(repository), text, "has a bad repository");
    if (registry.equals("index.docker.io")) {
      registry = DOCKER_HUB;
    }
    if (registry.equals(DOCKER_HUB) && repository.indexOf('/') < 0) {
      repository = "library/" + repository;
    }
    check(
        registry.length() + 1 + repository.length() <= NAME_CHARS,
        text,
        "has a name of more than " + NAME_CHARS + " characters");
    return new ImageReference(registry, repository, tag, digest);
  }

  private static boolean looksHosted(String first) {
    return first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || first.equals("localhost")
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  private static void check(boolean good, String text, String problem) {
    if (!good) {
      throw new InvalidImageReferenceException(text, problem);
    }
  }

  /** The registry without a port. */
  public String host() {
    int colon = registry.lastIndexOf(':');
    return colon > registry.lastIndexOf(']') ? registry.substring(0, colon) : registry;
  }

  /** Whether the name may mean another image tomorrow: no digest, and no tag or {@code latest}. */
  public boolean isLatest() {
    return digest == null && (tag == null || tag.equals("latest"));
  }

  /** In full, for example {@code docker.io/library/nginx:1.27}. */
  @Override
  public String toString() {
    return registry
        + '/'
        + repository
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
