package org.parley.websocket;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.Utils;

/** A servlet request as the engine wants it. */
final class EngineRequest {
  private EngineRequest() {}

  /**
   * Copies a request, as wrapped by the filters before this one. Extensions are left out, so none
   * is ever negotiated; so are the engine's own control headers, which clients could abuse, and the
   * query, which means nothing here and need not be one.
   *
   * @throws IllegalArgumentException when the request target is no URI
   */
  static RequestContext of(HttpServletRequest request) {
    String serverName = request.getLocalName();
    RequestContext context =
        RequestContext.Builder.create()
            .requestURI(URI.create(request.getRequestURI()))
            .httpSession(request.getSession(false))
            .secure(request.isSecure())
            .userPrincipal(request.getUserPrincipal())
            .isUserInRoleDelegate(request::isUserInRole)
            .parameterMap(Map.of())
            .remoteAddr(request.getRemoteAddr())
            .serverAddr(serverName == null ? request.getLocalAddr() : serverName)
            .serverPort(request.getLocalPort())
            .tyrusProperties(new HashMap<>())
            .build();
    for (String name : Collections.list(request.getHeaderNames())) {
      if (!isWithheld(name)) {
        List<String> values = context.getHeaders().computeIfAbsent(name, _ -> new ArrayList<>());
        for (String value : Collections.list(request.getHeaders(name))) {
          values.addAll(Utils.parseHeaderValue(value.trim()));
        }
      }
    }
    return context;
  }

  private static boolean isWithheld(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("sec-websocket-extensions")
        || lower.startsWith("x-tyrus-")
        || lower.startsWith("tyrus-");
  }
}
