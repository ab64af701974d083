package cx.niro.server.notify;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/**
 * Sockets that connect to allowed addresses only: the last look, at the very address that is
 * connected to, however it was found.
 */
final class GuardedSockets extends SocketFactory {
  private final AllowedTargets allowed;

  GuardedSockets(AllowedTargets allowed) {
    this.allowed = allowed;
  }

  /** The address is not public and not allowed. */
  static final class RefusedException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedException() {
      super("the address is not public");
    }
  }

  @Override
  public Socket createSocket() {
    return new Guarded(allowed);
  }

  private static final class Guarded extends Socket {
    private final AllowedTargets allowed;

    Guarded(AllowedTargets allowed) {
      this.allowed = allowed;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      InetAddress address = endpoint instanceof InetSocketAddress inet ? inet.getAddress() : null;
      if (address == null
          || !allowed.allows(((InetSocketAddress) endpoint).getHostString(), address)) {
        throw new RefusedException();
      }
      super.connect(endpoint, timeout);
    }
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("connect it yourself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("connect it yourself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("connect it yourself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("connect it yourself");
  }
}
