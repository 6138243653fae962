package org.parley.websocket;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What Open Liberty can do with an upgraded connection and no servlet interface offers, by
 * reflection.
 *
 * <ul>
 *   <li>To end TCP: the servlet API leaves to the container what {@link WebConnection#close()} does
 *       to it. Liberty goes back to HTTP on the same socket unless its connection object has seen
 *       an exception; so the exception is put where Liberty looks for it.
 *   <li>To cancel a read or a write that blocks its thread.
 *   <li>To keep a connection without listeners, so that it can be read by blocking (see {@link
 *       ClientInput}), and to take over what came in with the opening handshake.
 *   <li>To free the container's threads of the application's class loader after an upgrade.
 * </ul>
 *
 * Where that does not apply, one warning is logged and the servlet API's own ways must do.
 */
final class LibertyConnections {
  private static final String LIBERTY = "com.ibm.ws.";

  /** TCPRequestContext.IMMED_TIMEOUT: cancels what is pending. */
  private static final int CANCEL = -2;

  private static final String KEEP_WITHOUT_INIT = "UpgradedListener";
  private static final String REQUEST_STATE = "com.ibm.wsspi.webcontainer.WebContainerRequestState";
  private static final String CONTEXT = "ApplicationsOriginalTCM";
  private static final String EARLY_INPUT = "NotUpgradedUnreadData";

  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * Makes Liberty keep the connection when the upgrade handler's {@code init} returns though it has
   * no listener, and takes what the client sent before that.
   *
   * @return what has come in already, often nothing; empty when this is not Liberty as we know it:
   *     then the connection needs a listener
   */
  Optional<byte[]> adoptInput(WebConnection connection) {
    if (!ofLiberty(connection)) {
      return Optional.empty();
    }
    try {
      Object channel = call(connection, "getVirtualConnection");
      if (channel == null || !(callInterface(channel, "getStateMap") instanceof Map<?, ?> map)) {
        return Optional.empty();
      }
      @SuppressWarnings("unchecked") // Liberty's map of anything
      Map<Object, Object> state = (Map<Object, Object>) map;
      // Without it Liberty's close believes that init, long gone, will close TCP.
      set(connection, "inputCallback", true);
      Object early = state.remove(EARLY_INPUT);
      byte[] bytes = early == null ? new byte[0] : drain(early);
      state.put(KEEP_WITHOUT_INIT, "true");
      return Optional.of(bytes);
    } catch (ReflectiveOperationException | RuntimeException otherVersion) {
      warn(connection, otherVersion);
      return Optional.empty();
    }
  }

  /**
   * Makes Liberty's thread forget the application's context, which it has read before {@code init}
   * and would keep until its next servlet request, undeployed or not. To be called in {@code init}.
   */
  void forgetContext(WebConnection connection) {
    if (!ofLiberty(connection)) {
      return;
    }
    try {
      Class<?> requestState = connection.getClass().getClassLoader().loadClass(REQUEST_STATE);
      Object state = requestState.getMethod("getInstance", boolean.class).invoke(null, false);
      if (state != null) {
        requestState.getMethod("removeAttribute", String.class).invoke(state, CONTEXT);
      }
    } catch (ReflectiveOperationException | RuntimeException otherVersion) {
      warn(connection, otherVersion);
    }
  }

  private static byte[] drain(Object buffer) throws ReflectiveOperationException {
    byte[] bytes = new byte[callInterface(buffer, "remaining") instanceof Integer size ? size : 0];
    callInterface(buffer, "get", (Object) bytes);
    callInterface(buffer, "release");
    return bytes;
  }

  /** Cancels a read that blocks its thread, which then gets an {@link IOException}. */
  void cancelRead(WebConnection connection) {
    if (!ofLiberty(connection)) {
      return;
    }
    try {
      Object tcp = call(connection, "getTCPConnectionContext");
      Object reader = tcp == null ? null : callInterface(tcp, "getReadInterface");
      if (reader != null) {
        callInterface(reader, "read", 1L, CANCEL);
      }
    } catch (InvocationTargetException closedMeanwhile) {
      // Then there is nothing to cancel.
    } catch (ReflectiveOperationException | RuntimeException otherVersion) {
      warn(connection, otherVersion);
    }
  }

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
      set(connection, "closeUpgradeException", new IOException("WebSocket connection closed"));
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

  private static void set(WebConnection connection, String field, Object value)
      throws ReflectiveOperationException {
    Field declared = connection.getClass().getDeclaredField(field);
    declared.setAccessible(true);
    declared.set(connection, value);
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
          if (method.getName().equals(name) && takes(method, arguments)) {
            return method.invoke(target, arguments);
          }
        }
      }
    }
    throw new NoSuchMethodException(target.getClass().getName() + "." + name);
  }

  private static boolean takes(Method method, @Nullable Object... arguments) {
    Class<?>[] types = method.getParameterTypes();
    if (types.length != arguments.length) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      Object argument = arguments[i];
      if (argument != null
          && !MethodType.methodType(types[i]).wrap().returnType().isInstance(argument)) {
        return false;
      }
    }
    return true;
  }

  private void warn(WebConnection connection, Throwable cause) {
    if (warned.compareAndSet(false, true)) {
      FaultLog.cannotCloseTcp(connection.getClass().getName(), cause);
    }
  }
}
