package org.parley.edge.metrics;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The metrics, for whoever asks, with and without TLS. Names no peer. The filter lets this one path
 * through, and no other spelling of it.
 *
 * <p>It is not the server's own: that one comes with {@code /ibm/api/}, an administration with a
 * login, on the same ports.
 */
@WebServlet(MetricsServlet.PATH)
public class MetricsServlet extends HttpServlet {
  public static final String PATH = "/metrics";

  private static final long serialVersionUID = 1L;

  private final transient Metrics metrics;

  @Inject
  public MetricsServlet(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    switch (request.getMethod()) {
      case "GET", "HEAD" -> {
        response.setContentType(Exposition.CONTENT_TYPE);
        response.getWriter().write(Exposition.of(metrics.all()));
      }
      default -> {
        response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        response.setHeader("Allow", "GET, HEAD");
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().write("Use GET.\n");
      }
    }
  }
}
