package cx.niro.app.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file with what is sent along. */
@SuppressWarnings("ArrayRecordComponent")
record Asset(byte[] bytes, String type, String etag, String caching) {
  /** Asks again each time, which costs a header and no body. */
  static final String FRESH = "no-cache";

  /** For addresses that carry a version. */
  static final String FOR_EVER = "public, max-age=31536000, immutable";

  static Asset of(byte[] bytes, String type, String caching) {
    return new Asset(bytes, type, "\"" + sha256(bytes) + "\"", caching);
  }

  /** A file of the class path, as it is. */
  static Optional<byte[]> read(String resource) {
    try (@Nullable InputStream in = Asset.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }

  /** Base64, as content security policies and entity tags want it. */
  static String sha256(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
