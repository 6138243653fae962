package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.KEY_SET;
import static org.parley.edge.settings.Parsers.TEXT;
import static org.parley.edge.settings.Parsers.bytes;
import static org.parley.edge.settings.Parsers.duration;

import java.time.Duration;
import java.util.List;

/** The settings of tokens in place of MQTT passwords. */
public final class TokenSettings {
  private static final SettingList ALL = new SettingList();

  public static final Setting<String> JWKS =
      ALL.add(
          "parley.jwt.jwks",
          "",
          KEY_SET,
          "Key set (JWKS) of an issuer whose tokens (JWT) are taken as MQTT passwords: a file or an"
              + " https URL; empty: none are.");
  public static final Setting<String> AUTHORITIES =
      ALL.add(
          "parley.jwt.jwks-ca",
          "",
          TEXT,
          "PEM file with the authorities of that URL's server; empty: those of the JDK.");
  public static final Setting<String> ISSUER =
      ALL.add("parley.jwt.issuer", "", TEXT, "What iss of a token must be; needed with a key set.");
  public static final Setting<String> AUDIENCE =
      ALL.add(
          "parley.jwt.audience",
          "",
          TEXT,
          "What must be in aud of a token; needed with a key set.");
  public static final Setting<String> IDENTITY_CLAIM =
      ALL.add(
          "parley.jwt.identity-claim",
          "sub",
          Parsers.NOT_EMPTY,
          "The claim that is the user name; it must match parley.identity.pattern.");
  public static final Setting<String> USER_NAME =
      ALL.add(
          "parley.jwt.user-name",
          "",
          TEXT,
          "A user name that CONNECT may have with any token; empty: only the token's own, or"
              + " none.");
  public static final Setting<Duration> CLOCK_SKEW =
      ALL.add(
          "parley.jwt.clock-skew",
          "30s",
          duration(Duration.ZERO, Duration.ofMinutes(10)),
          "How far the issuer's clock may be from ours: so much later a token ends.");
  public static final Setting<Long> MAX_SIZE =
      ALL.add(
          "parley.jwt.max-size", "16KiB", bytes(1024, 65_535), "Bytes of one token at the most.");
  public static final Setting<Duration> CHECK =
      ALL.add(
          "parley.jwt.check-interval",
          "1s",
          duration(Duration.ofMillis(50), Duration.ofDays(1)),
          "How often a key set that is a file is looked at for a change.");
  public static final Setting<Duration> REFRESH =
      ALL.add(
          "parley.jwt.refresh-interval",
          "15m",
          duration(Duration.ofSeconds(1), Duration.ofDays(1)),
          "How often one that is a URL is fetched.");
  public static final Setting<Duration> PAUSE =
      ALL.add(
          "parley.jwt.refresh-pause",
          "30s",
          duration(Duration.ofSeconds(1), Duration.ofHours(1)),
          "After so long it may be fetched again: because that has failed, or for a key that is not"
              + " in it.");
  public static final Setting<Duration> FETCH_TIMEOUT =
      ALL.add(
          "parley.jwt.fetch-timeout",
          "10s",
          duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
          "A fetch that takes longer has failed.");

  private TokenSettings() {}

  /** Returns every setting of tokens, in the order of the reference. */
  static List<Setting<?>> all() {
    return ALL.settings();
  }
}
