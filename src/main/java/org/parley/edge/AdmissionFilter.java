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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.audit.AuditLog;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.edge.auditlog.AuditTrail;
import org.parley.limit.LogThrottle;
import org.parley.session.PeerNetwork;

/**
 * Lets admitted handshakes through to the WebSocket engine and requests for our pages to their
 * servlets, and answers all others.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class AdmissionFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(AdmissionFilter.class.getName());
  private static final String PEER_CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

  private final transient Admission admission;
  private final transient LogThrottle throttle;
  private final transient AuditLog audit;

  @Inject
  public AdmissionFilter(Admission admission, LogThrottle throttle, AuditTrail audit) {
    this.admission = admission;
    this.audit = audit;
    this.throttle = throttle;
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
        log(refused, request.getRemoteAddr());
        audit.record(HandshakeAudit.refused(handshake, refused, request.getRemotePort()));
        refuse(response, refused.refusal(), refused.retryAfter());
      }
    }
  }

  /** One line a minute for one peer and reason: who knocks all the time must not fill the disk. */
  private void log(Outcome.Refused refused, String address) {
    var network = PeerNetwork.of(address);
    var left = throttle.pass(refused.refusal() + " " + network + " " + refused.peer());
    if (left.isPresent()) {
      var more = left.getAsLong() == 0 ? "" : " (and " + left.getAsLong() + " like it before)";
      LOG.log(
          Level.INFO,
          () ->
              "%d to %s: %s%s"
                  .formatted(refused.refusal().status(), address, refused.detail(), more));
    }
  }

  private static void refuse(
      HttpServletResponse response, HandshakeRefusal refusal, Duration retryAfter)
      throws IOException {
    response.setStatus(refusal.status());
    if (retryAfter.isPositive()) {
      response.setHeader(
          "Retry-After", Long.toString(retryAfter.plusNanos(999_999_999).toSeconds()));
    }
    switch (refusal) {
      case METHOD_NOT_ALLOWED -> response.setHeader("Allow", "GET");
      case UPGRADE_REQUIRED -> response.setHeader("Upgrade", "websocket");
      default -> {}
    }
    response.setContentType("text/plain;charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    response.getWriter().println(refusal.phrase());
  }

  private static Handshake handshake(HttpServletRequest request) {
    return new Handshake(
        request.getMethod(),
        request.getRequestURI().substring(request.getContextPath().length()),
        upgrades(request),
        request.isSecure(),
        origin(request),
        ownOrigin(request),
        chain(request),
        request.getRemoteAddr(),
        subprotocols(request));
  }

  /** RFC 6455 section 4.3: a list, perhaps in several headers. */
  private static List<String> subprotocols(HttpServletRequest request) {
    return Collections.list(request.getHeaders(SUBPROTOCOL)).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .toList();
  }

  private static String ownOrigin(HttpServletRequest request) {
    var host = request.getHeader("Host");
    return host == null ? "" : (request.isSecure() ? "https://" : "http://") + host;
  }

  /** Several become one that no page has. */
  private static Optional<String> origin(HttpServletRequest request) {
    var origins = Collections.list(request.getHeaders("Origin"));
    return origins.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", origins));
  }

  private static List<X509Certificate> chain(HttpServletRequest request) {
    return request.getAttribute(PEER_CERTIFICATES) instanceof X509Certificate[] chain
        ? List.of(chain)
        : List.of();
  }

  private static boolean upgrades(HttpServletRequest request) {
    return Collections.list(request.getHeaders("Upgrade")).stream()
            .anyMatch(value -> value.strip().equalsIgnoreCase("websocket"))
        && Collections.list(request.getHeaders("Connection")).stream()
            .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
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
