package org.parley.identity;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.parley.core.LogText;
import org.parley.identity.Identification.Identified;
import org.parley.identity.Identification.Refused;

/**
 * The one rule from a client certificate to an identity: exactly one common name in the whole
 * subject, character by character as certified (no case folding, no Unicode normalisation), that
 * matches a pattern; or, where the operator has chosen so, exactly one name of another kind. All
 * other names are ignored. The TLS layer has already proved possession of the key and the path to a
 * trusted authority.
 */
public final class IdentityRule {
  /** Common names that are allowed unless the configuration says otherwise. */
  public static final Pattern DEFAULT_PATTERN = Pattern.compile("^[A-Za-z0-9._-]{1,64}$");

  /** Longest common name that any pattern gets to see. */
  static final int MAX_LENGTH = 255;

  /** Separators and wildcards of PCP and MQTT: no pattern can let them into a name. */
  private static final String NEVER = "/*+#";

  private final Pattern pattern;
  private final CertificateName kind;

  /** Makes the rule with {@link #DEFAULT_PATTERN}. */
  public IdentityRule() {
    this(DEFAULT_PATTERN);
  }

  /**
   * Makes the rule.
   *
   * @param pattern what a whole common name must match. Dots alone, control and format characters,
   *     {@code / * + #} and more than 255 characters are refused whatever it says
   */
  public IdentityRule(Pattern pattern) {
    this(pattern, CertificateName.CN);
  }

  /**
   * Makes the rule for another kind of name.
   *
   * @param pattern what a whole common name or DNS name must match; the other kinds have a form of
   *     their own, and are only kept from control and format characters and from being too long
   */
  public IdentityRule(Pattern pattern, CertificateName kind) {
    this.pattern = pattern;
    this.kind = kind;
  }

  /**
   * Says who the peer with this certificate chain is.
   *
   * @param chain as presented, the peer's own certificate first; null or empty if there was none
   */
  public Identification identify(X509Certificate @Nullable [] chain, Instant now) {
    if (chain == null || chain.length == 0) {
      return new Refused(Refusal.NO_CERTIFICATE, "no client certificate");
    }
    var leaf = chain[0];
    return ChainRule.broken(chain, now)
        .<Identification>map(reason -> refused(reason, "certificate chain refused", leaf))
        .orElseGet(() -> identify(leaf));
  }

  private Identification identify(X509Certificate leaf) {
    return switch (kind) {
      case CN -> byCommonName(leaf);
      case DN -> byOnlyName(List.of(leaf.getSubjectX500Principal().getName()), leaf);
      case SAN_DNS -> byOnlyName(AlternativeNames.of(leaf).dns(), leaf);
      case SAN_URI -> byOnlyName(AlternativeNames.of(leaf).uri(), leaf);
      case SAN_EMAIL -> byOnlyName(AlternativeNames.of(leaf).email(), leaf);
    };
  }

  private Identification byOnlyName(List<String> names, X509Certificate leaf) {
    var name = names.isEmpty() ? "" : names.getFirst();
    if (name.isEmpty()) {
      return refused(Refusal.NO_NAME, "no name of the kind " + kind, leaf);
    }
    if (names.size() > 1) {
      return refused(Refusal.SEVERAL_NAMES, "several names of the kind " + kind, leaf);
    }
    boolean allowed = kind == CertificateName.SAN_DNS ? allowed(name) : harmless(name);
    return allowed
        ? identified(name, leaf)
        : refused(Refusal.FORBIDDEN_NAME, "forbidden name \"" + LogText.escape(name) + '"', leaf);
  }

  private Identification byCommonName(X509Certificate leaf) {
    return switch (CommonName.of(leaf.getSubjectX500Principal())) {
      case CommonName.None _ -> refused(Refusal.NO_COMMON_NAME, "no common name", leaf);
      case CommonName.Several _ ->
          refused(Refusal.SEVERAL_COMMON_NAMES, "several common names", leaf);
      case CommonName.Unreadable(var detail) ->
          refused(Refusal.UNREADABLE_CERTIFICATE, detail, leaf);
      case CommonName.One(var name) when !allowed(name) ->
          refused(
              Refusal.FORBIDDEN_COMMON_NAME,
              "forbidden common name \"" + LogText.escape(name) + '"',
              leaf);
      case CommonName.One(var name) -> identified(name, leaf);
    };
  }

  /** Returns whether a name that something else than a certificate proves may be an identity. */
  public boolean allowed(String name) {
    return harmless(name)
        && name.chars().anyMatch(c -> c != '.')
        && name.chars().noneMatch(c -> NEVER.indexOf(c) >= 0)
        && pattern.matcher(name).matches();
  }

  private static boolean harmless(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_LENGTH
        && name.codePoints().noneMatch(IdentityRule::neverAllowed);
  }

  private static boolean neverAllowed(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static Identification identified(String name, X509Certificate leaf) {
    try {
      return new Identified(PeerPrincipal.of(name, leaf));
    } catch (CertificateEncodingException _) {
      return refused(Refusal.UNREADABLE_CERTIFICATE, "certificate without encoding", leaf);
    }
  }

  private static Refused refused(Refusal reason, String phrase, X509Certificate leaf) {
    return new Refused(
        reason,
        phrase
            + " ("
            + reason
            + "): subject \""
            + LogText.escape(leaf.getSubjectX500Principal().getName())
            + "\", serial "
            + LogText.escape(leaf.getSerialNumber().toString(16), 64));
  }
}
