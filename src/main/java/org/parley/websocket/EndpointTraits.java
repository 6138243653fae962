package org.parley.websocket;

import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import java.io.InputStream;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.parley.websocket.protocol.FrameRules;

/**
 * What an endpoint class says of itself through its {@link OnMessage} methods.
 *
 * @param text whether it takes text messages
 * @param binary whether it takes binary messages
 * @param maxMessageBytes the largest message that it takes; {@link Long#MAX_VALUE} when it says
 *     nothing
 */
record EndpointTraits(boolean text, boolean binary, long maxMessageBytes) {
  static final EndpointTraits UNKNOWN = new EndpointTraits(true, true, Long.MAX_VALUE);

  static EndpointTraits of(Class<?> endpoint) {
    List<Method> handlers =
        Arrays.stream(endpoint.getMethods())
            .filter(method -> method.isAnnotationPresent(OnMessage.class))
            .filter(method -> !takes(method, PongMessage.class))
            .toList();
    if (handlers.isEmpty()) {
      return UNKNOWN;
    }
    boolean binary = handlers.stream().anyMatch(EndpointTraits::takesBinary);
    boolean text = handlers.stream().anyMatch(EndpointTraits::takesText);
    if (!binary && !text) {
      return UNKNOWN; // decoded objects
    }
    return new EndpointTraits(text, binary, largest(handlers));
  }

  /** Returns the rules, narrowed to what the endpoint says of itself. */
  FrameRules narrow(FrameRules rules) {
    long message = Math.min(rules.maxMessageBytes(), maxMessageBytes);
    return new FrameRules(
        Math.min(rules.maxFrameBytes(), message), message, rules.maxFragments(), text, binary);
  }

  private static long largest(List<Method> handlers) {
    long largest = 0;
    for (Method handler : handlers) {
      long size = handler.getAnnotation(OnMessage.class).maxMessageSize();
      largest = Math.max(largest, size < 0 ? Long.MAX_VALUE : size);
    }
    return largest;
  }

  private static boolean takesBinary(Method handler) {
    return takes(handler, ByteBuffer.class)
        || takes(handler, byte[].class)
        || takes(handler, InputStream.class);
  }

  private static boolean takesText(Method handler) {
    return takes(handler, String.class) || takes(handler, Reader.class);
  }

  /** Tells whether a parameter without annotation (a message, not a path parameter) has a type. */
  private static boolean takes(Method handler, Class<?> type) {
    Class<?>[] types = handler.getParameterTypes();
    Annotation[][] annotations = handler.getParameterAnnotations();
    for (int i = 0; i < types.length; i++) {
      if (types[i] == type && annotations[i].length == 0) {
        return true;
      }
    }
    return false;
  }
}
