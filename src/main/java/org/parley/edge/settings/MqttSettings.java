package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.FLAG;
import static org.parley.edge.settings.Parsers.TEXT;
import static org.parley.edge.settings.Parsers.duration;
import static org.parley.edge.settings.Parsers.oneOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.parley.identity.CertificateName;

/** The settings of MQTT; with {@link Settings}, all there are. */
public final class MqttSettings {
  private static final List<Setting<?>> ALL = new ArrayList<>();

  public static final Setting<CertificateName> IDENTITY =
      add(
          "parley.mqtt.identity",
          "cn",
          oneOf(CertificateName.class),
          "Which name of a certificate is the identity by MQTT: cn, dn, san-dns, san-uri or"
              + " san-email.");
  public static final Setting<String> USERS =
      add("parley.users", "", TEXT, "File with user names and password hashes; empty: no users.");
  public static final Setting<Duration> USERS_CHECK =
      add(
          "parley.users.check-interval",
          "1s",
          duration(Duration.ofMillis(50), Duration.ofDays(1)),
          "How often the users file is looked at for a change.");
  public static final Setting<Optional<Boolean>> ALLOW_ANONYMOUS =
      add(
          "parley.mqtt.allow-anonymous",
          "",
          text -> text.isEmpty() ? Optional.empty() : Optional.of(FLAG.parse(text)),
          "Whether clients with neither certificate nor user name are let in; empty: without TLS"
              + " where only this machine reaches.");

  private MqttSettings() {}

  /** Returns every setting of MQTT, in the order of the reference. */
  static List<Setting<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  private static <T> Setting<T> add(
      String key, String defaultText, Setting.Parser<T> parser, String meaning) {
    var setting = new Setting<>(key, defaultText, parser, meaning);
    ALL.add(setting);
    return setting;
  }
}
