package org.parley.websocket;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends the TCP connection under an upgraded one. The servlet API leaves to the container what
 * {@link WebConnection#close()} does to TCP. Open Liberty goes back to HTTP on the same socket
 * unless its connection object has seen an exception, and while a write is blocked its close waits
 * for the peer to read. So here the exception is put where Liberty looks for it, and a blocked
 * write is cancelled, by reflection, as no servlet interface can do it. Where that does not apply,
 * one warning is logged and the container's own close must do.
 */
final class TcpShutdown {
  private static final String LIBERTY = "com.ibm.ws.";

  /** TCPRequestContext.IMMED_TIMEOUT: cancels what is pending. */
  private static final int CANCEL = -2;

  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * Cancels a write that blocks its thread, which then gets an {@link IOException}. Only to be
   * called while a write is pending.
   */
  void cancelWrite(WebConnection connection) {
    if (!ofLiberty(connection)) {
      return;
    }
    try {
      Object tcp = call(connection, "getTCPConnectionContext");
      Object writer = tcp == null ? null : callInterface(tcp, "getWriteInterface");
      if (writer != null) {
        callInterface(writer, "write", 1L, null, false, CANCEL);
      }
    } catch (InvocationTargetException closedMeanwhile) {
      // Then there is nothing to cancel.
    } catch (ReflectiveOperationException | RuntimeException otherVersion) {
      warn(connection, otherVersion);
    }
  }

  /**
   * Makes the container's close, whoever calls it, close TCP. Must come before any close.
   *
   * @return false when the container's close will leave TCP open: its input should be read and
   *     discarded until it ends
   */
  boolean forbidReuse(WebConnection connection) {
    if (!ofLiberty(connection)) {
      return true;
    }
    try {
      Field exception = connection.getClass().getDeclaredField("closeUpgradeException");
      exception.setAccessible(true);
      exception.set(connection, new IOException("WebSocket connection closed"));
      return true;
    } catch (ReflectiveOperationException | RuntimeException otherVersion) {
      warn(connection, otherVersion);
      return false;
    }
  }

  /** Closes the link below HTTP: the last resort when the container's close hangs. */
  void closeBelowHttp(WebConnection connection) {
    if (!ofLiberty(connection)) {
      return;
    }
    try {
      Object link = call(connection, "getDeviceConnLink");
      Object channel = call(connection, "getVirtualConnection");
      if (link != null && channel != null) {
        callInterface(link, "close", channel, new IOException("WebSocket connection closed"));
      }
    } catch (InvocationTargetException closedMeanwhile) {
      // Then it is done.
    } catch (ReflectiveOperationException | RuntimeException otherVersion) {
      warn(connection, otherVersion);
    }
  }

  static void closeQuietly(WebConnection connection) {
    try {
      connection.close();
    } catch (Exception alreadyGone) {
      // The container reports so when the peer or its own error path was first.
    }
  }

  private static boolean ofLiberty(WebConnection connection) {
    return connection.getClass().getName().startsWith(LIBERTY);
  }

  private static @Nullable Object call(Object target, String method)
      throws ReflectiveOperationException {
    return target.getClass().getMethod(method).invoke(target);
  }

  /** Calls a method of a public interface of an object whose class need not be public. */
  private static @Nullable Object callInterface(
      Object target, String name, @Nullable Object... arguments)
      throws ReflectiveOperationException {
    for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
      for (Class<?> candidate : type.getInterfaces()) {
        for (Method method : candidate.getMethods()) {
          if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
            return method.invoke(target, arguments);
          }
        }
      }
    }
    throw new NoSuchMethodException(target.getClass().getName() + "." + name);
  }

  private void warn(WebConnection connection, Throwable cause) {
    if (warned.compareAndSet(false, true)) {
      FaultLog.cannotCloseTcp(connection.getClass().getName(), cause);
    }
  }
}
