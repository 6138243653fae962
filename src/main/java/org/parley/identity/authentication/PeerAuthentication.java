package org.parley.identity.authentication;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import org.parley.core.ByteWire;
import org.parley.core.LogText;
import org.parley.identity.Identification;
import org.parley.identity.IdentityRule;
import org.parley.identity.PeerPrincipal;
import org.parley.identity.RevocationCheck;
import org.parley.identity.authentication.Admission.Admitted;
import org.parley.identity.authentication.Admission.Reason;
import org.parley.identity.authentication.Admission.Refused;

/**
 * The rule that says who an MQTT peer is. Whatever it brings must be right: a bad certificate is
 * not made good by a password, nor a bad password by a certificate. Who brings nothing is
 * anonymous, where that is allowed.
 */
public final class PeerAuthentication {
  private final IdentityRule identityRule;
  private final RevocationCheck revocations;
  private final PasswordAuthentication passwords;
  private final TokenAuthentication tokens;
  private final AnonymousAccess anonymous;
  private final InstantSource clock;

  /**
   * @param tokens is asked first; what it does not take for a token is a password
   */
  public PeerAuthentication(
      IdentityRule identityRule,
      RevocationCheck revocations,
      PasswordAuthentication passwords,
      TokenAuthentication tokens,
      AnonymousAccess anonymous,
      InstantSource clock) {
    this.identityRule = identityRule;
    this.revocations = revocations;
    this.passwords = passwords;
    this.tokens = tokens;
    this.anonymous = anonymous;
    this.clock = clock;
  }

  /**
   * Says who a peer is. With {@link Credentials.Password} it takes as long as {@link
   * PasswordAuthentication#verify} or {@link TokenAuthentication#verify}, else less than a
   * millisecond.
   */
  public Admission admit(ByteWire.Peer peer, Credentials credentials) {
    if (peer.chain().isEmpty()) {
      return admit(Optional.empty(), peer, credentials);
    }
    return switch (identityRule.identify(
        peer.chain().toArray(X509Certificate[]::new), clock.instant())) {
      case Identification.Refused(_, var detail) -> new Refused(Reason.NOT_AUTHORIZED, detail);
      case Identification.Identified(var principal) ->
          switch (revocations.check(principal.certificate())) {
            case GOOD -> admit(Optional.of(principal), peer, credentials);
            case REVOKED -> new Refused(Reason.NOT_AUTHORIZED, "certificate revoked: " + principal);
            case UNDECIDABLE ->
                new Refused(Reason.NOT_AUTHORIZED, "revocation cannot be checked: " + principal);
          };
    };
  }

  private Admission admit(
      Optional<PeerPrincipal> principal, ByteWire.Peer peer, Credentials credentials) {
    return switch (credentials) {
      case Credentials.None _ when principal.isPresent() -> admitted(principal, Optional.empty());
      case Credentials.None _ ->
          anonymous.allowed(peer)
              ? admitted(principal, Optional.empty())
              : new Refused(Reason.NOT_AUTHORIZED, "neither certificate nor user name");
      case Credentials.NameOnly(var name) -> named(principal, name);
      case Credentials.Password(var name, var password) -> byPassword(principal, name, password);
      case Credentials.Proved(var name, var claimed) ->
          claimed.isEmpty() || claimed.get().equals(name)
              ? admitted(principal, Optional.of(name))
              : bad("another user name than the Authentication Method has proved", name);
    };
  }

  /** A user name alone proves nothing: it must be what the certificate has proved already. */
  private static Admission named(Optional<PeerPrincipal> principal, String name) {
    boolean proved = principal.filter(peer -> peer.commonName().equals(name)).isPresent();
    return proved
        ? admitted(principal, Optional.of(name))
        : bad("user name without password", name);
  }

  private Admission byPassword(
      Optional<PeerPrincipal> principal, Optional<String> name, byte[] password) {
    return tokens
        .verify(name, password)
        .map(answer -> byToken(principal, answer))
        .orElseGet(() -> byStoredPassword(principal, name, password));
  }

  private static Admission byToken(
      Optional<PeerPrincipal> principal, TokenAuthentication.Answer answer) {
    return switch (answer) {
      case TokenAuthentication.Answer.Good(var identity, var end) ->
          new Admitted(principal, Optional.of(identity), Optional.of(end));
      case TokenAuthentication.Answer.Bad(var why) ->
          new Refused(Reason.BAD_USER_NAME_OR_PASSWORD, "token " + why);
      case TokenAuthentication.Answer.Undecidable() ->
          new Refused(Reason.UNDECIDABLE, "token, and there are no keys to check it");
    };
  }

  private Admission byStoredPassword(
      Optional<PeerPrincipal> principal, Optional<String> name, byte[] password) {
    if (name.isEmpty()) {
      return new Refused(Reason.BAD_USER_NAME_OR_PASSWORD, "password without user name");
    }
    return passwords.verify(name.get(), password)
        ? admitted(principal, name)
        : bad("wrong password, or no such user", name.get());
  }

  private static Admission admitted(Optional<PeerPrincipal> principal, Optional<String> userName) {
    return new Admitted(principal, userName, Optional.empty());
  }

  /** A token in the wrong field is a secret all the same. */
  private static Admission bad(String what, String userName) {
    var shown =
        TokenForm.isToken(userName.getBytes(StandardCharsets.UTF_8))
            ? "a token"
            : '"' + LogText.escape(userName, 64) + '"';
    return new Refused(Reason.BAD_USER_NAME_OR_PASSWORD, what + ": " + shown);
  }
}
