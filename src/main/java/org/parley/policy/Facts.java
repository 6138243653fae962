package org.parley.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.parley.identity.AlternativeNames;
import org.parley.identity.CertificateExtension;

/** What is known of one subject; its certificate is read when a rule asks for it. One thread's. */
final class Facts {
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
          CertificateExtension.text(subject.principal().certificate(), oid).stream().toList();
    };
  }

  private List<String> values(Attribute.Known known) {
    return switch (known) {
      case COMMON_NAME -> List.of(subject.principal().commonName());
      case SAN_DNS -> names().dns().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
      case SAN_URI -> names().uri();
      case SAN_EMAIL -> names().email();
      case ISSUER -> List.of(subject.principal().issuer());
      case PROTOCOL -> List.of(subject.protocol());
      case CLIENT_TYPE -> List.of(subject.clientType());
    };
  }

  List<String> addresses(Condition.Address address) {
    return switch (address) {
      case REMOTE -> List.of(subject.remoteAddress());
      case SAN_IP -> names().ip();
    };
  }

  private AlternativeNames names() {
    var known = names;
    if (known == null) {
      known = AlternativeNames.of(subject.principal().certificate());
      names = known;
    }
    return known;
  }
}
