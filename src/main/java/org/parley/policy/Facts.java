package org.parley.policy;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.parley.identity.AlternativeNames;
import org.parley.identity.CertificateExtension;
import org.parley.identity.PeerPrincipal;

/** What is known of one subject; its certificate is read when a rule asks for it. One thread's. */
final class Facts {
  private static final String BY_CERTIFICATE = "certificate";
  private static final String BY_USER_NAME = "user";
  private static final String ANONYMOUS = "anonymous";
  private static final AlternativeNames NO_NAMES =
      new AlternativeNames(List.of(), List.of(), List.of(), List.of());

  private final Subject subject;
  private final Map<Attribute, List<String>> read = new HashMap<>();
  private @Nullable AlternativeNames names;

  Facts(Subject subject) {
    this.subject = subject;
  }

  /** Reads each attribute once, however many rules ask for it. */
  List<String> values(Attribute attribute) {
    var known = read.get(attribute);
    if (known == null) {
      known = readValues(attribute);
      read.put(attribute, known);
    }
    return known;
  }

  private List<String> readValues(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Known known -> values(known);
      case Attribute.Extension(_, var oid) ->
          certificate().flatMap(leaf -> CertificateExtension.text(leaf, oid)).stream().toList();
    };
  }

  private List<String> values(Attribute.Known known) {
    return switch (known) {
      case COMMON_NAME -> subject.commonName().stream().toList();
      case SAN_DNS -> names().dns().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
      case SAN_URI -> names().uri();
      case SAN_EMAIL -> names().email();
      case ISSUER -> subject.principal().map(PeerPrincipal::issuer).stream().toList();
      case PROTOCOL -> List.of(subject.protocol());
      case CLIENT_TYPE -> subject.clientType().stream().toList();
      case CLIENT_ID -> subject.clientId().stream().toList();
      case USER_NAME -> subject.userName().stream().toList();
      case TRANSPORT -> List.of(subject.transport());
      case AUTHENTICATION -> authentication();
    };
  }

  private List<String> authentication() {
    if (subject.anonymous()) {
      return List.of(ANONYMOUS);
    }
    return Stream.concat(
            subject.principal().stream().map(_ -> BY_CERTIFICATE),
            subject.userName().stream().map(_ -> BY_USER_NAME))
        .toList();
  }

  List<String> addresses(Condition.Address address) {
    return switch (address) {
      case REMOTE -> List.of(subject.remoteAddress());
      case SAN_IP -> names().ip();
    };
  }

  private Optional<X509Certificate> certificate() {
    return subject.principal().map(PeerPrincipal::certificate);
  }

  private AlternativeNames names() {
    var known = names;
    if (known == null) {
      known = certificate().map(AlternativeNames::of).orElse(NO_NAMES);
      names = known;
    }
    return known;
  }
}
