package org.parley.edge.status;

import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.parley.pcp.broker.BrokerStatus;
import org.parley.pcp.broker.ServiceState;

/**
 * The status pages, for whoever asks, with and without TLS. HTTP 200 while the broker runs, else
 * 503. The filter lets these four paths through, and no other spelling of them.
 */
@WebServlet({
  StatusServlet.SERVICES,
  StatusServlet.SERVICES + "/" + StatusDocument.SERVICE,
  StatusServlet.SIMPLE,
  StatusServlet.SIMPLE + "/" + StatusDocument.SERVICE
})
public class StatusServlet extends HttpServlet {
  /** The documents of all services, of which there is one. */
  public static final String SERVICES = "/status/v1/services";

  /** The state of all services in one word. */
  public static final String SIMPLE = "/status/v1/simple";

  private static final long serialVersionUID = 1L;
  private static final String LEVEL = "level=";

  private final transient BrokerStatus status;
  private final transient StatusDocument document;
  private final transient Jsonb json = JsonbBuilder.create();

  @Inject
  public StatusServlet(BrokerStatus status, StatusDocument document) {
    this.status = status;
    this.document = document;
  }

  /** Returns whether there is such a page; the path is taken as it is spelled. */
  public static boolean serves(String rawPath) {
    return switch (rawPath) {
      case SERVICES, SERVICES + "/" + StatusDocument.SERVICE -> true;
      case SIMPLE, SIMPLE + "/" + StatusDocument.SERVICE -> true;
      default -> false;
    };
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    switch (request.getMethod()) {
      case "GET", "HEAD" -> show(request, response);
      default -> {
        response.setHeader("Allow", "GET, HEAD");
        text(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Use GET.\n");
      }
    }
  }

  private void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var state = status.state();
    int code =
        state == ServiceState.RUNNING
            ? HttpServletResponse.SC_OK
            : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
    if (request.getServletPath().startsWith(SIMPLE)) {
      text(response, code, state.label());
      return;
    }
    var level = level(Optional.ofNullable(request.getQueryString()));
    if (level.isEmpty()) {
      text(
          response, HttpServletResponse.SC_BAD_REQUEST, "Use the level critical, info or debug.\n");
      return;
    }
    var service = document.of(level.get(), state);
    response.setStatus(code);
    response.setContentType("application/json;charset=utf-8");
    response
        .getWriter()
        .write(
            json.toJson(
                request.getServletPath().equals(SERVICES)
                    ? Map.of(StatusDocument.SERVICE, service)
                    : service));
  }

  /**
   * Returns the level that is asked for; empty if there is none of that name. Taken as it is
   * spelled: over a malformed query that it decodes, the container writes stack traces to the log.
   */
  private static Optional<DetailLevel> level(Optional<String> query) {
    return query.stream()
        .flatMap(Pattern.compile("&")::splitAsStream)
        .filter(parameter -> parameter.startsWith(LEVEL))
        .findFirst()
        .map(parameter -> DetailLevel.named(parameter.substring(LEVEL.length())))
        .orElse(Optional.of(DetailLevel.INFO));
  }

  private static void text(HttpServletResponse response, int code, String text) throws IOException {
    response.setStatus(code);
    response.setContentType("text/plain;charset=utf-8");
    response.getWriter().write(text);
  }
}
