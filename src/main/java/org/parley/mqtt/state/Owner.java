package org.parley.mqtt.state;

import java.util.Optional;

/** Who a session belongs to: what is asked about when its will is published later. */
public record Owner(Optional<String> commonName, Optional<String> userName, String remoteAddress) {}
