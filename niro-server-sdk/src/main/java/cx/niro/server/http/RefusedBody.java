package cx.niro.server.http;

import cx.niro.core.NiroException;
import java.io.IOException;
import java.io.InputStream;

/** Stands for a body that did not come as it should; {@link Bodies} throws why. */
final class RefusedBody extends InputStream {
  private final NiroException refusal;

  RefusedBody(NiroException refusal) {
    this.refusal = refusal;
  }

  NiroException refusal() {
    return refusal;
  }

  @Override
  public int read() throws IOException {
    throw new IOException(refusal.getMessage(), refusal);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return read();
  }
}
