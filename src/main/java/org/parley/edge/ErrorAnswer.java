package org.parley.edge;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The body of the errors that the container answers by itself; its own would name classes and show
 * stack traces. {@code web.xml} sends them here; the filter answers 404 to whoever asks for the
 * path.
 */
@WebServlet("/error")
public class ErrorAnswer extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean ours = response.getStatus() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    response.setContentType("text/plain;charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    response.getWriter().println(ours ? "Internal error." : "Malformed or unknown request.");
  }
}
