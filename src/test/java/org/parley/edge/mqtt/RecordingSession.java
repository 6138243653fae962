package org.parley.edge.mqtt;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** The part of a WebSocket session that a wire uses: keeps what is sent until it is told to. */
final class RecordingSession {
  private final Queue<SendHandler> waiting = new ArrayDeque<>();
  final List<byte[]> frames = new CopyOnWriteArrayList<>();
  final List<Integer> closeCodes = new CopyOnWriteArrayList<>();
  private final RemoteEndpoint.Async remote = proxy(RemoteEndpoint.Async.class, this::remote);
  private final Session session = proxy(Session.class, this::session);
  private boolean broken;

  Session session() {
    return session;
  }

  private Object session(Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "getAsyncRemote" -> remote;
      case "close" -> closeCodes.add(((CloseReason) arguments[0]).getCloseCode().getCode());
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  /** From now on every send fails at once, as it does on a closed session. */
  void breakDown() {
    broken = true;
  }

  /** Lets the oldest frames go out. */
  void send(int count) {
    for (int i = 0; i < count; i++) {
      waiting.remove().onResult(new SendResult(session));
    }
  }

  /** Tells that the oldest frame could not be sent. */
  void fail() {
    waiting.remove().onResult(new SendResult(session, new IOException("as the test wants it")));
  }

  private Object remote(Method method, Object[] arguments) {
    if (!method.getName().equals("sendBinary")) {
      throw new UnsupportedOperationException(method.getName());
    }
    if (broken) {
      throw new IllegalStateException("closed");
    }
    var source = (ByteBuffer) arguments[0];
    var bytes = new byte[source.remaining()];
    source.get(bytes);
    frames.add(bytes);
    waiting.add((SendHandler) arguments[1]);
    return true;
  }

  private interface Behaviour {
    Object call(Method method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Behaviour behaviour) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              var result = behaviour.call(method, arguments);
              return method.getReturnType() == void.class ? null : result;
            }));
  }
}
