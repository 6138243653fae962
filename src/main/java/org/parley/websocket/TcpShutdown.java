package org.parley.websocket;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends the TCP connection under an upgraded one. The servlet API leaves to the container what
 * {@link WebConnection#close()} does to TCP; Open Liberty goes back to HTTP on the same socket, and
 * with a write pending it does nothing until the peer reads. Its public, though internal, methods
 * reach the link below HTTP, which closes at once. They are found by reflection, as no servlet
 * interface has them; where they are missing, one warning is logged and the container's own close
 * must do.
 */
final class TcpShutdown {
  private static final String LIBERTY = "com.ibm.ws.";

  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * Closes TCP, then lets the container tidy up. May wait for the container, so not for a thread
   * that others need.
   *
   * @return false when TCP is still open for all that is known: its input should be read and
   *     discarded until it ends
   */
  boolean close(WebConnection connection) {
    boolean applies = connection.getClass().getName().startsWith(LIBERTY);
    if (applies && !closeDeviceLink(connection)) {
      return false;
    }
    closeQuietly(connection);
    return true;
  }

  static void closeQuietly(WebConnection connection) {
    try {
      connection.close();
    } catch (Exception alreadyGone) {
      // The container reports so when the peer or its own error path was first.
    }
  }

  private boolean closeDeviceLink(WebConnection connection) {
    try {
      Object link = call(connection, "getDeviceConnLink");
      Object channel = call(connection, "getVirtualConnection");
      if (link == null || channel == null) {
        return true; // the container has let go of the connection already
      }
      Method close = closeMethod(link.getClass());
      if (close == null) {
        warn(connection, null);
        return false;
      }
      close.invoke(link, channel, new IOException("WebSocket connection closed"));
      return true;
    } catch (InvocationTargetException closedMeanwhile) {
      return true;
    } catch (ReflectiveOperationException | RuntimeException otherVersion) {
      warn(connection, otherVersion);
      return false;
    }
  }

  private static @Nullable Object call(Object target, String method)
      throws ReflectiveOperationException {
    return target.getClass().getMethod(method).invoke(target);
  }

  /** Finds close(VirtualConnection, Exception) in a public interface of the link. */
  private static @Nullable Method closeMethod(Class<?> link) {
    for (Class<?> type = link; type != null; type = type.getSuperclass()) {
      for (Class<?> candidate : type.getInterfaces()) {
        for (Method method : candidate.getMethods()) {
          Class<?>[] parameters = method.getParameterTypes();
          if (method.getName().equals("close")
              && parameters.length == 2
              && parameters[1] == Exception.class) {
            return method;
          }
        }
      }
    }
    return null;
  }

  private void warn(WebConnection connection, @Nullable Throwable cause) {
    if (warned.compareAndSet(false, true)) {
      FaultLog.cannotCloseTcp(connection.getClass().getName(), cause);
    }
  }
}
