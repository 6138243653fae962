package org.parley.edge;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.edge.auditlog.AuditTrail;
import org.parley.limit.LogThrottle;

/**
 * Lets admitted handshakes through to the WebSocket engine and requests for our pages to their
 * servlets, and answers all others.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class AdmissionFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String PEER_CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

  private final transient Admission admission;
  private final transient HandshakeRefusals refusals;

  @Inject
  public AdmissionFilter(Admission admission, LogThrottle throttle, AuditTrail audit) {
    this.admission = admission;
    this.refusals = new HandshakeRefusals(throttle, audit);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var handshake = handshake(request);
    switch (admission.decide(handshake)) {
      case Outcome.Admitted(var peer, var path) ->
          chain.doFilter(
              new AdmittedRequest(
                  request, peer.from(request.getRemotePort()), path, Optional.empty()),
              response);
      case Outcome.AdmittedMqtt(var peer) ->
          chain.doFilter(
              new AdmittedRequest(
                  request,
                  peer.from(request.getRemotePort()),
                  RequestTarget.MQTT_PATH,
                  Optional.of(peer.subprotocol())),
              response);
      case Outcome.Page _ -> chain.doFilter(request, response);
      case Outcome.Refused refused -> {
        refusals.log(handshake, refused, request.getRemotePort());
        refuse(response, refused);
      }
    }
  }

  private static void refuse(HttpServletResponse response, Outcome.Refused refused)
      throws IOException {
    response.setStatus(refused.refusal().status());
    HandshakeRefusals.headers(refused).forEach(response::setHeader);
    response.setContentType("text/plain;charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    response.getWriter().println(refused.refusal().phrase());
  }

  private static Handshake handshake(HttpServletRequest request) {
    var headers = new HandshakeHeaders(name -> Collections.list(request.getHeaders(name)));
    return new Handshake(
        request.getMethod(),
        request.getRequestURI().substring(request.getContextPath().length()),
        headers.upgrade(),
        request.isSecure(),
        headers.origin(),
        headers.ownOrigin(request.isSecure()),
        chain(request),
        request.getRemoteAddr(),
        headers.subprotocols());
  }

  private static List<X509Certificate> chain(HttpServletRequest request) {
    return request.getAttribute(PEER_CERTIFICATES) instanceof X509Certificate[] chain
        ? List.of(chain)
        : List.of();
  }

  /**
   * The handshake as the engine sees it: one spelling of the path, our principal, no session, and
   * of the subprotocols the one that was chosen.
   */
  private static final class AdmittedRequest extends HttpServletRequestWrapper {
    private final Principal peer;
    private final String path;
    private final Optional<String> subprotocol;

    AdmittedRequest(
        HttpServletRequest request, Principal peer, String path, Optional<String> subprotocol) {
      super(request);
      this.peer = peer;
      this.path = path;
      this.subprotocol = subprotocol;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return subprotocol.isPresent() && name.equalsIgnoreCase(SUBPROTOCOL)
          ? Collections.enumeration(List.of(subprotocol.get()))
          : super.getHeaders(name);
    }

    @Override
    public String getRequestURI() {
      return getContextPath() + path;
    }

    @Override
    public String getServletPath() {
      return path;
    }

    @Override
    public @Nullable String getPathInfo() {
      return null;
    }

    @Override
    public Principal getUserPrincipal() {
      return peer;
    }

    /** A WebSocket needs none; a container would keep it, and end the connection with it. */
    @Override
    public @Nullable HttpSession getSession() {
      return null;
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
      return null;
    }
  }
}
