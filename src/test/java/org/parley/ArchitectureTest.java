package org.parley;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rooms of the house: what each may use, and what stays outside. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.parley");

  private static final String ROOT = "org.parley.";
  private static final String NANO_TIME = "java.lang.System.nanoTime";

  /** The one class below the edge that reads a clock: it measures its own deadlines. */
  private static final String WEBSOCKET_RUNTIME = "org.parley.websocket.WebSocketRuntime";

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          NANO_TIME,
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.InstantSource.system",
          "java.time.Clock.system",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.tick",
          "java.time.Clock.tickMillis",
          "java.time.Clock.tickSeconds",
          "java.util.Date.<init>");

  private static DescribedPredicate<JavaAccess<?>> clock(String allowed) {
    return DescribedPredicate.describe(
        "a clock is read",
        access -> {
          var target = access.getTarget();
          var name = target.getOwner().getFullName() + "." + target.getName();
          return CLOCKS.contains(name) && !name.equals(allowed);
        });
  }

  /** Each room, and those it may use beside itself. */
  static Stream<Arguments> rooms() {
    return Stream.of(
        room("core"),
        room("audit"),
        room("identity", "core"),
        room("identity.authentication", "core", "identity"),
        room("identity.token", "identity.authentication"),
        room("policy", "core", "identity"),
        room("policy.file", "core", "identity", "policy"),
        room("session", "core", "identity"),
        room("limit", "core", "identity", "session"),
        room("pcp.message", "core", "identity", "policy", "session"),
        room("pcp.codec", "core", "identity", "policy", "session", "pcp.message"),
        room(
            "pcp.broker",
            "audit",
            "core",
            "identity",
            "policy",
            "session",
            "pcp.message",
            "pcp.codec"),
        room("mqtt.packet", "core"),
        room("mqtt.codec", "core", "mqtt.packet"),
        room("mqtt.routing", "mqtt.packet"),
        room("mqtt.state", "mqtt.packet", "mqtt.routing"),
        room("log", "core", "mqtt.packet", "mqtt.routing", "mqtt.state"),
        room("log.row", "mqtt.packet", "mqtt.routing", "mqtt.state"),
        room("log.rocksdb", "log", "log.row", "mqtt.packet", "mqtt.routing", "mqtt.state"),
        room(
            "mqtt.broker",
            "audit",
            "core",
            "identity",
            "identity.authentication",
            "policy",
            "session",
            "limit",
            "log",
            "mqtt.packet",
            "mqtt.codec",
            "mqtt.routing",
            "mqtt.state"),
        room("websocket.protocol"),
        room("websocket", "core", "websocket.protocol"),
        room("transport", "core", "websocket.protocol"));
  }

  private static Arguments room(String name, String... others) {
    return Arguments.argumentSet(name, name, others);
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void givenRoom_whenItUsesAnother_thenOnlyThoseItMay(String name, String... others) {
    var allowed =
        Stream.concat(Stream.of(name), Stream.of(others)).map(ROOT::concat).toArray(String[]::new);

    noClasses()
        .that(resideInAPackage(ROOT + name))
        .should()
        .dependOnClassesThat(resideInAPackage("org.parley..").and(not(resideInAnyPackage(allowed))))
        .check(MAIN);
  }

  @Test
  void givenPackages_whenListed_thenEachIsARoomOrPartOfTheEdge() {
    var rooms = rooms().map(room -> ROOT + room.get()[0]).toList();

    assertThat(MAIN.stream().map(JavaClass::getPackageName))
        .allMatch(name -> rooms.contains(name) || (name + ".").startsWith(ROOT + "edge."));
  }

  @Test
  void givenPackages_whenTheyUseEachOther_thenWithoutCycles() {
    slices().matching("org.parley.(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void givenJakarta_whenUsed_thenAtTheEdgeAndJsonInTheCodec() {
    noClasses()
        .that(resideInAPackage("org.parley.."))
        .and(not(resideInAnyPackage("org.parley.edge..", "org.parley.websocket")))
        .and(not(resideInAPackage("org.parley.pcp.codec")))
        .should()
        .dependOnClassesThat(resideInAnyPackage("jakarta..", "org.eclipse.microprofile.."))
        .check(MAIN);
    noClasses()
        .that(resideInAPackage("org.parley.pcp.codec"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("jakarta..", "org.eclipse.microprofile..")
                .and(not(resideInAnyPackage("jakarta.json.."))))
        .check(MAIN);
  }

  private static ArchRule noClock(DescribedPredicate<JavaClass> where, String allowed) {
    return noClasses().that(where).should().accessTargetWhere(clock(allowed));
  }

  @Test
  void givenClock_whenRead_thenAtTheEdgeOnly() {
    noClock(
            not(resideInAPackage("org.parley.edge.."))
                .and(
                    DescribedPredicate.describe(
                        "not the WebSocket runtime",
                        type -> !type.getName().equals(WEBSOCKET_RUNTIME))),
            "")
        .check(MAIN);
    noClock(DescribedPredicate.equalTo(MAIN.get(WEBSOCKET_RUNTIME)), NANO_TIME).check(MAIN);
  }

  /** What the rule about clocks must find. */
  private static final class Planted {
    static final LongSupplier REFERENCE = System::nanoTime;
    static final InstantSource SYSTEM = InstantSource.system();

    static long call() {
      return System.currentTimeMillis();
    }
  }

  @Test
  void givenClassThatReadsClocks_whenChecked_thenEachReadingIsFound() {
    assertThat(Planted.REFERENCE.getAsLong()).isNotEqualTo(Planted.call());
    assertThat(Planted.SYSTEM).isNotNull();

    var found =
        noClock(equivalentTo(Planted.class), "")
            .evaluate(new ClassFileImporter().importClasses(Planted.class));

    assertThat(found.getFailureReport().getDetails()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"org.parley.pcp.message", "org.parley.pcp.codec"})
  void givenValuesAndCodecs_whenTheyWork_thenWithoutLocksAndThreads(String room) {
    noClasses()
        .that(resideInAPackage(room))
        .should()
        .dependOnClassesThat(resideInAPackage("java.util.concurrent.."))
        .orShould()
        .dependOnClassesThat(equivalentTo(ThreadLocal.class).or(equivalentTo(Thread.class)))
        .check(MAIN);
  }

  @Test
  void givenInputAndOutput_whenUsed_thenInTheShellsOnly() {
    noClasses()
        .that(
            not(
                resideInAnyPackage(
                    "org.parley.edge..",
                    "org.parley.websocket",
                    "org.parley.transport",
                    "org.parley.log.rocksdb")))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.net..", "java.nio.channels..", "java.nio.file..")
                .and(not(overBytesOrText())))
        .check(MAIN);
  }

  @Test
  void givenNetty_whenUsed_thenInTheTransportOnly() {
    noClasses()
        .that(resideInAPackage("org.parley.."))
        .and(not(resideInAPackage("org.parley.transport")))
        .should()
        .dependOnClassesThat(resideInAPackage("io.netty.."))
        .check(MAIN);
  }

  @Test
  void givenLibraryOfTokens_whenUsed_thenForTokensOnly() {
    noClasses()
        .that(resideInAPackage("org.parley.."))
        .and(not(resideInAPackage("org.parley.identity.token")))
        .should()
        .dependOnClassesThat(resideInAPackage("com.nimbusds.."))
        .check(MAIN);
  }

  @Test
  void givenRocksDb_whenUsed_thenInItsStoreOnly() {
    noClasses()
        .that(resideInAPackage("org.parley.."))
        .and(not(resideInAPackage("org.parley.log.rocksdb")))
        .should()
        .dependOnClassesThat(resideInAPackage("org.rocksdb.."))
        .check(MAIN);
  }

  /** Parsers ask for streams; these ones are over what is in memory. */
  private static DescribedPredicate<JavaClass> overBytesOrText() {
    return DescribedPredicate.describe(
        "in memory",
        type ->
            Stream.of(
                    ByteArrayInputStream.class,
                    InputStream.class,
                    StringReader.class,
                    Reader.class,
                    IOException.class)
                .anyMatch(type::isEquivalentTo));
  }

  @Test
  void givenNames_whenTheySayNothing_thenRefused() {
    assertThat(MAIN.stream().map(JavaClass::getSimpleName))
        .isNotEmpty()
        .noneMatch(name -> name.matches(".*(Util|Utils|Manager|Impl|Helper|Base)"))
        .noneMatch(name -> name.matches("I[A-Z].*[a-z].*"));
  }
}
