package org.parley.websocket;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import org.parley.websocket.protocol.OpeningHandshake;

/** An opening handshake that a container has read. */
record ServletHandshake(HttpServletRequest request) implements OpeningHandshake.Request {
  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String protocol() {
    return request.getProtocol();
  }

  @Override
  public List<String> headers(String name) {
    return Collections.list(request.getHeaders(name));
  }
}
