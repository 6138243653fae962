package org.parley.policy;

import java.util.List;

/** What a rule asks of a subject, beside what the subject wants to do. */
public sealed interface Condition {
  /** Returns its key in a policy file. */
  String key();

  /** Returns whether it holds; a subject without such a value never fits. */
  boolean holds(Facts facts);

  /** Returns what the subject has instead, for an explanation; not escaped. */
  List<String> actual(Facts facts);

  /** Returns what would fit, as written. */
  List<?> accepted();

  /** One of the attribute's values matches one of these. */
  record OneOf(Attribute attribute, List<Glob> accepted) implements Condition {
    public OneOf {
      accepted = List.copyOf(accepted);
    }

    @Override
    public String key() {
      return attribute.key();
    }

    @Override
    public boolean holds(Facts facts) {
      for (var value : facts.values(attribute)) {
        if (Glob.any(accepted, value)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public List<String> actual(Facts facts) {
      return facts.values(attribute);
    }
  }

  /** Whose address a network is compared with. */
  enum Address {
    REMOTE("network"),
    SAN_IP("san.ip");

    private final String key;

    Address(String key) {
      this.key = key;
    }
  }

  /** One of the addresses is in one of these networks. */
  record Within(Address address, List<Network> accepted) implements Condition {
    public Within {
      accepted = List.copyOf(accepted);
    }

    @Override
    public String key() {
      return address.key;
    }

    @Override
    public boolean holds(Facts facts) {
      for (var value : facts.addresses(address)) {
        var parsed = IpAddress.parse(value);
        if (parsed.isPresent()
            && accepted.stream().anyMatch(network -> network.contains(parsed.get()))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public List<String> actual(Facts facts) {
      return facts.addresses(address);
    }
  }
}
