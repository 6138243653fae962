package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.parley.core.ByteBudget;
import org.parley.limit.MessageRates;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.WireWatch;
import org.parley.session.Protocol;

/**
 * The metrics of PCP, and of opening handshakes whatever they are for.
 *
 * @param watch what the last look at all sessions has seen
 * @param messages that peers have sent, those that could not be read too
 * @param subscriptions of the inventory
 * @param refused opening handshakes, by every reason there is
 * @param outbound what waits for all peers
 */
public record PcpMetrics(
    PcpCounters counters,
    Supplier<WireWatch.Summary> watch,
    LongSupplier messages,
    IntSupplier subscriptions,
    Supplier<Map<String, Long>> refused,
    MessageRates rates,
    ByteBudget outbound) {

  /** Returns them, in the order of the reference. */
  public List<Metric> all() {
    return List.of(
        gauge(
            "parley_pcp_sessions",
            List.of("protocol"),
            "Sessions, as of the last second.",
            sink -> {
              for (var protocol : List.of(Protocol.PCP_V1, Protocol.PCP_V2)) {
                sink.value(watch.get().sessions().getOrDefault(protocol, 0), protocol.label());
              }
            }),
        counter("parley_pcp_associations_total", "Sessions begun.", counters::associations),
        counter(
            "parley_pcp_supersessions_total",
            "Sessions whose URI a newer connection has taken.",
            counters::supersessions),
        counter("parley_pcp_disassociations_total", "Sessions ended.", counters::disassociations),
        counter(
            "parley_pcp_endings_total",
            List.of("reason"),
            "Sessions that the broker has ended; a reason appears with its first case.",
            sink -> counters.endings().forEach((reason, count) -> sink.value(count, reason))),
        counter("parley_pcp_messages_total", "Messages of peers.", messages::getAsLong),
        counter(
            "parley_pcp_deliveries_total",
            "Messages put into the queue of their target.",
            counters::deliveries),
        counter(
            "parley_pcp_errors_total",
            List.of("description"),
            "Error messages sent; a description appears with its first case.",
            sink -> counters.errors().forEach((text, count) -> sink.value(count, text))),
        counter(
            "parley_pcp_late_frames_total",
            "Frames on connections that had lost their URI.",
            counters::lateFrames),
        counter(
            "parley_pcp_unanswerable_total",
            "Answers that found no room in the queue of the peer.",
            counters::unanswerables),
        gauge(
            "parley_pcp_inventory_subscriptions",
            "Sessions that hear changes of the inventory.",
            subscriptions::getAsInt),
        gauge(
            "parley_pcp_congested_sessions",
            "Sessions whose queue is more than half full.",
            () -> watch.get().congested()),
        gauge(
            "parley_pcp_longest_silence_seconds",
            "Silence of the peer that has been silent longest.",
            () -> watch.get().longestSilence().toMillis() / 1000.0),
        counter(
            "parley_pcp_messages_held_total",
            "Messages that came over their rate and were held.",
            rates::held),
        gauge("parley_pcp_readers_held", "Connections that are held now.", rates::holding),
        gauge("parley_pcp_waiting_bytes", "Bytes that wait for all peers.", outbound::usedBytes),
        gauge(
            "parley_pcp_waiting_limit_bytes",
            "Bytes that may wait for all peers.",
            outbound::limitBytes),
        counter(
            "parley_handshakes_refused_total",
            List.of("reason"),
            "Requests and opening handshakes refused before the upgrade, MQTT's too.",
            sink -> refused.get().forEach((reason, count) -> sink.value(count, reason))));
  }
}
