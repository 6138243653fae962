package org.parley.edge.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.parley.edge.settings.Setting.Parser;
import org.parley.limit.Rate;
import org.parley.pcp.broker.ControllerAddress;
import org.parley.pcp.message.MessageTypes;
import org.parley.policy.Network;

/** Reads values of settings; each failure says what a good value looks like. */
final class Parsers {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9})/(s|m|h)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(|KiB|MiB|GiB)");

  private static final Pattern MESSAGE_TYPE = Pattern.compile("[A-Za-z0-9_.:/-]{1,256}");
  private static final int MOST_CONTROLLERS = 32;
  private static final int MOST_TYPES = 100;
  private static final int MOST_NETWORKS = 100;

  private Parsers() {}

  static final Parser<String> TEXT = text -> text;

  static final Parser<String> NOT_EMPTY =
      text -> {
        if (text.isEmpty()) {
          throw new IllegalArgumentException("use a name");
        }
        return text;
      };

  /** A file, or an https URL that says neither who asks nor a part of the page. */
  static final Parser<String> KEY_SET =
      text -> {
        if (text.contains("://") && !isPlainHttps(text)) {
          throw new IllegalArgumentException("use a file, or https://host/path");
        }
        return text;
      };

  private static boolean isPlainHttps(String text) {
    try {
      var uri = new URI(text);
      return "https".equals(uri.getScheme())
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getFragment() == null;
    } catch (URISyntaxException _) {
      return false;
    }
  }

  static final Parser<List<String>> LIST =
      text -> Arrays.stream(text.split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList();

  /** Where controllers listen, each once. */
  static final Parser<List<ControllerAddress>> CONTROLLER_ADDRESSES =
      text -> {
        var parts = LIST.parse(text);
        var addresses =
            parts.stream().map(ControllerAddress::parse).flatMap(Optional::stream).toList();
        long named = addresses.stream().map(ControllerAddress::authority).distinct().count();
        if (addresses.size() < parts.size() || named < parts.size() || named > MOST_CONTROLLERS) {
          throw new IllegalArgumentException(
              "use wss://host:port or wss://host:port/path, separated by commas, each host and"
                  + " port once, at most "
                  + MOST_CONTROLLERS);
        }
        return addresses;
      };

  /** Message types; one without a slash is short for one of http://puppetlabs.com/. */
  static final Parser<Set<String>> MESSAGE_TYPES =
      text -> {
        var types = LIST.parse(text);
        if (types.size() > MOST_TYPES
            || !types.stream().allMatch(type -> MESSAGE_TYPE.matcher(type).matches())) {
          throw new IllegalArgumentException(
              "use message types such as inventory_request, separated by commas, at most "
                  + MOST_TYPES);
        }
        return types.stream()
            .map(type -> type.contains("/") ? type : MessageTypes.NAMESPACE + type)
            .collect(Collectors.toUnmodifiableSet());
      };

  /** Networks of IPv4 and IPv6, or single addresses; none that is everything. */
  static final Parser<List<Network>> NETWORKS =
      text -> {
        var parts = LIST.parse(text);
        var networks = parts.stream().map(Network::parse).flatMap(Optional::stream).toList();
        if (networks.size() < parts.size()
            || networks.size() > MOST_NETWORKS
            || networks.stream().anyMatch(Network::isAll)) {
          throw new IllegalArgumentException(
              "use networks such as 192.0.2.0/28 or 2001:db8::/64, or addresses, separated by"
                  + " commas, at most "
                  + MOST_NETWORKS
                  + ", none of length 0");
        }
        return networks;
      };

  static final Parser<Boolean> FLAG =
      text ->
          switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("use true or false");
          };

  /** A number and its unit: 500ms, 30s, 6m, 1h, 7d. */
  static final Parser<Duration> DURATIONS =
      text -> {
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
          throw new IllegalArgumentException("use a number and ms, s, m, h or d, such as 30s");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
      };

  /** A number and what it is in: 100/s, 10/m, 1/h; 0 for no limit. Its burst is another setting. */
  static final Parser<Rate> RATES =
      text -> {
        var matcher = RATE.matcher(text);
        if (!matcher.matches()) {
          if (text.equals("0")) {
            return Rate.UNLIMITED;
          }
          throw new IllegalArgumentException("use 0 or a number in s, m or h, such as 10/s");
        }
        var period =
            switch (matcher.group(2)) {
              case "s" -> Duration.ofSeconds(1);
              case "m" -> Duration.ofMinutes(1);
              default -> Duration.ofHours(1);
            };
        return new Rate(Long.parseLong(matcher.group(1)), period, 1);
      };

  static final Parser<Pattern> PATTERN =
      text -> {
        try {
          return Pattern.compile(text);
        } catch (PatternSyntaxException _) {
          throw new IllegalArgumentException("use a regular expression, such as [a-z0-9.-]{1,64}");
        }
      };

  /** A number of bytes, with KiB, MiB or GiB if wanted. */
  static Parser<Long> bytes(long least, long most) {
    return text -> {
      var matcher = SIZE.matcher(text);
      long unit =
          !matcher.matches()
              ? 0
              : switch (matcher.group(2)) {
                case "KiB" -> 1L << 10;
                case "MiB" -> 1L << 20;
                case "GiB" -> 1L << 30;
                default -> 1L;
              };
      long number = unit == 0 ? -1 : Long.parseLong(matcher.group(1));
      if (number < 0 || number > most / unit || number * unit < least) {
        throw new IllegalArgumentException(
            "use bytes from " + least + " to " + most + ", with KiB, MiB or GiB if you like");
      }
      return number * unit;
    };
  }

  static Parser<Integer> number(int least, int most) {
    return text -> {
      try {
        int value = Integer.parseInt(text);
        if (value >= least && value <= most) {
          return value;
        }
      } catch (NumberFormatException _) {
        // the same answer as for a number out of range
      }
      throw new IllegalArgumentException("use a number from " + least + " to " + most);
    };
  }

  static Parser<Duration> duration(Duration least, Duration most) {
    return text -> {
      var value = DURATIONS.parse(text);
      if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            "use a time from " + plain(least) + " to " + plain(most));
      }
      return value;
    };
  }

  private static String plain(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  /** One of the names of an enum, in lower case with hyphens. */
  static <E extends Enum<E>> Parser<E> oneOf(Class<E> type) {
    return text ->
        Arrays.stream(type.getEnumConstants())
            .filter(value -> nameOf(value).equals(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "use one of "
                            + Arrays.stream(type.getEnumConstants())
                                .map(Parsers::nameOf)
                                .collect(Collectors.joining(", "))));
  }

  private static String nameOf(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How much at once. */
  static Parser<Integer> burst() {
    return number(1, 10_000_000);
  }
}
