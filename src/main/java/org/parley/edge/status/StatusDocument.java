package org.parley.edge.status;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.parley.pcp.broker.ServiceState;

/** What a status page says (section 2.8). Names no peer. */
public final class StatusDocument {
  /** What pcp-broker calls itself on its status pages. */
  static final String SERVICE = "broker-service";

  private static final int STATUS_VERSION = 1;

  private final String version;
  private final PcpMeters meters;
  private final IntSupplier mqttConnections;

  /**
   * @param version of the broker
   * @param mqttConnections how many MQTT sessions have a connection
   */
  public StatusDocument(String version, PcpMeters meters, IntSupplier mqttConnections) {
    this.version = version;
    this.meters = meters;
    this.mqttConnections = mqttConnections;
  }

  /**
   * Returns the document of the service: maps, lists, text and numbers, in the order that they are
   * shown.
   *
   * @param state that it says; the HTTP status says the same
   */
  Map<String, Object> of(DetailLevel level, ServiceState state) {
    var document = new LinkedHashMap<String, Object>();
    document.put("service_version", version);
    document.put("service_status_version", STATUS_VERSION);
    document.put("detail_level", level.label());
    document.put("state", state.label());
    document.put("status", details(level));
    document.put("active_alerts", List.of());
    document.put("service_name", SERVICE);
    return document;
  }

  private Map<String, Object> details(DetailLevel level) {
    var details = new LinkedHashMap<String, Object>();
    if (level.compareTo(DetailLevel.INFO) >= 0) {
      var metrics = new LinkedHashMap<>(meters.figures());
      metrics.put("parley.mqtt.connections", mqttConnections.getAsInt());
      details.put("metrics", metrics);
    }
    if (level.compareTo(DetailLevel.DEBUG) >= 0) {
      details.put("threads", JvmFigures.threads());
      details.put("memory", JvmFigures.memory());
    }
    return details;
  }
}
