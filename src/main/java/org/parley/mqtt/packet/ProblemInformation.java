package org.parley.mqtt.packet;

import java.util.List;
import java.util.Optional;

/** Reason String and User Properties of an answer: what is left out when the answer is too big. */
public record ProblemInformation(Optional<String> reasonString, List<UserProperty> userProperties) {
  public static final ProblemInformation NONE = new ProblemInformation(Optional.empty(), List.of());

  public ProblemInformation {
    userProperties = List.copyOf(userProperties);
  }
}
