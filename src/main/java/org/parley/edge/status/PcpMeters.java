package org.parley.edge.status;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.parley.core.Ticker;
import org.parley.pcp.broker.MessageLog;
import org.parley.pcp.broker.Outcome;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.message.PcpMessage;
import org.parley.session.ClientSession;
import org.parley.session.SessionRegistry;

/**
 * What pcp-broker measures (section 2.8), by its names, as far as it is measured here: how much and
 * how often, not how long it took.
 */
public final class PcpMeters implements MessageLog {
  /** How often {@link #tick} is to be called. */
  public static final Duration PERIOD = Duration.ofSeconds(5);

  private final SessionRegistry registry;
  private final LongAdder messages = new LongAdder();
  private final Meter connected;
  private final Meter closed;
  private final Meter received;
  private final Meter sent;

  public PcpMeters(SessionRegistry registry, PcpCounters counters, Ticker ticker) {
    this.registry = registry;
    this.connected = new Meter(counters::associations, ticker);
    this.closed = new Meter(() -> Math.max(0, counters.associations() - registry.size()), ticker);
    this.received = new Meter(messages::sum, ticker);
    this.sent = new Meter(counters::deliveries, ticker);
  }

  @Override
  public void record(Outcome outcome, ClientSession session, Optional<PcpMessage> message) {
    messages.increment();
  }

  /** Returns how many messages peers have sent since the start. */
  public long messages() {
    return messages.sum();
  }

  /** Brings the rates up to date. */
  public void tick() {
    for (var rate : List.of(connected, closed, received, sent)) {
      rate.tick();
    }
  }

  /** Returns the metrics by name. */
  Map<String, Object> figures() {
    var figures = new LinkedHashMap<String, Object>();
    figures.put("puppetlabs.pcp.connections", registry.size());
    figures.put("puppetlabs.pcp.on-connect", figure(connected));
    figures.put("puppetlabs.pcp.on-close", figure(closed));
    figures.put("puppetlabs.pcp.on-message", figure(received));
    figures.put("puppetlabs.pcp.on-send", figure(sent));
    return figures;
  }

  private static Map<String, Object> figure(Meter rate) {
    var figure = new LinkedHashMap<String, Object>();
    figure.put("count", rate.count());
    figure.put("rates", rate.perSecond());
    return figure;
  }
}
