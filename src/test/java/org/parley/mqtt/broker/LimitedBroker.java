package org.parley.mqtt.broker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.parley.limit.ConnectionRates;
import org.parley.limit.Flapping;
import org.parley.limit.LogThrottle;
import org.parley.limit.LoginFailures;
import org.parley.limit.MessageRates;
import org.parley.limit.OpenConnections;
import org.parley.limit.Rate;
import org.parley.limit.Shedding;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.MovedClock;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.TestBroker;
import org.parley.testing.mqtt.TestOptions;

/** A broker with limits, none of which is set at first. */
abstract class LimitedBroker {
  private static final int KEYS = 100;
  static final ReasonCode SUCCESS = ReasonCode.SUCCESS;
  static final Rate ONE_A_SECOND = new Rate(1, Duration.ofSeconds(1), 3);

  Rate rate = Rate.UNLIMITED;
  Rate totalRate = Rate.UNLIMITED;
  Rate identityRate = Rate.UNLIMITED;
  Rate failures = Rate.UNLIMITED;
  Rate messageRate = Rate.UNLIMITED;
  volatile double memory;
  final Shedding shedding = new Shedding(95, () -> memory);
  Rate flapping = Rate.UNLIMITED;
  OpenConnections open = new OpenConnections(0, 0);
  final MovedClock clock = new MovedClock();
  final AtomicInteger asked = new AtomicInteger();

  LimitedAuthentication limited(Authentication access) {
    return new LimitedAuthentication(
        access,
        new ConnectionRates(new ConnectionRates.Rates(totalRate, identityRate, rate, KEYS), clock),
        new LoginFailures(new LoginFailures.Rates(failures, Rate.UNLIMITED, KEYS), clock),
        open,
        new MessageRates(
            new MessageRates.Rates(messageRate, Rate.UNLIMITED, Duration.ofSeconds(20), KEYS),
            clock),
        new Flapping(new Flapping.Options(flapping, Duration.ofMinutes(5), KEYS), clock),
        shedding,
        "taken"::equals,
        new LogThrottle(Duration.ofMinutes(1), KEYS, clock));
  }

  TestBroker start() {
    return TestBroker.start(this::options);
  }

  void options(TestOptions options) {
    options.clock = clock;
    options.authentication = this::limited;
  }

  static ReasonCode connect(TestBroker broker, ConnectBytes connect) {
    try (var peer = Peer.open(broker)) {
      return peer.connect(connect).reason();
    }
  }

  static ReasonCode login(TestBroker broker, String user, String password) {
    return connect(broker, ConnectBytes.v5("c").userName(user).password(password));
  }
}
