package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.state.RecordedRows;
import org.parley.mqtt.state.StateRows;
import org.rocksdb.RocksDB;

/** What the tool says of stores, whole and damaged, without changing them. */
class StoreToolTest {
  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private void fill() throws Exception {
    try (var store = RocksStore.open(data())) {
      RocksStoreTest.fill(store.changes());
      RocksStoreTest.write(store, 5_000);
    }
  }

  /** Puts a row as no version of ours does. */
  private void put(Family family, byte[] key, byte[] value) throws Exception {
    OpenedByHand.put(data(), family, key, value);
  }

  private static Map<String, String> contents(Path folder) throws IOException {
    var contents = new TreeMap<String, String>();
    try (var all = Files.walk(folder)) {
      for (var path : all.filter(Files::isRegularFile).toList()) {
        contents.put(path.toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  @Test
  void givenWholeStore_whenChecked_thenCountedAndNotChanged() throws Exception {
    fill();
    var before = contents(data());

    var run = ToolRun.of("check", data());

    assertThat(run.out())
        .containsExactly(
            "sessions 2 (online 2, offline 0)",
            "subscriptions 2",
            "entries 5",
            "messages 1",
            "open identifiers 2",
            "retained 2",
            "wills 1",
            "orphans 0",
            "damaged rows 0",
            "the store is whole");
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(contents(data())).isEqualTo(before);
  }

  @Test
  void givenRowsThatBelongToNothing_whenChecked_thenCountedAndLeft() throws Exception {
    try (var store = RocksStore.open(data())) {
      var rows = store.changes();
      rows.session(RocksStoreTest.session(1));
      rows.message(4, RocksStoreTest.message("a", "named by nobody"));
      rows.entry(1, RocksStoreTest.entry(1, RocksStoreTest.message("a", "x")), 9);
      rows.entry(
          2, RocksStoreTest.entry(1, RocksStoreTest.message("a", "x")), StateRows.IN_THE_ENTRY);
      RocksStoreTest.write(store, 1);
    }

    for (int i = 0; i < 2; i++) {
      var run = ToolRun.of("check", data());
      assertThat(run.out()).contains("orphans 3", "the store is whole");
      assertThat(run.status()).isZero();
    }
  }

  @Test
  void givenRowThatCannotBeDecoded_whenChecked_thenNamedAndStillOnceItWasPutAside()
      throws Exception {
    fill();
    put(Family.ENTRY, Key.of(1, 301L), new byte[] {1, 2, 3});

    var run = ToolRun.of("check", data());

    assertThat(run.status()).isOne();
    assertThat(run.out().getFirst())
        .startsWith("family q: row 00000000000000000001000000000000012d cannot be read: ");
    assertThat(run.out()).contains("damaged rows 1", "the store is damaged");

    try (var store = RocksStore.open(data())) {
      store.load(new RecordedRows());
    }
    var again = ToolRun.of("check", data());
    assertThat(again.status()).isOne();
    assertThat(again.out())
        .contains(
            "1 rows were put aside because they could not be read", "damaged rows 1", "entries 5");
  }

  private static void flip(Path file, long at) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int value = bytes.read();
      bytes.seek(at);
      bytes.write(value ^ 0xFF);
    }
  }

  @Test
  void givenBitsThatHaveTurned_whenChecked_thenTheFileAndItsFamily() throws Exception {
    fill();
    var file = ToolRun.files(data(), Family.MESSAGE).getFirst();
    flip(file, 100);

    var run = ToolRun.of("check", data());

    assertThat(run.status()).isOne();
    assertThat(run.out())
        .anyMatch(
            line -> line.startsWith("family msg: the file " + file.getFileName() + " is corrupt: "))
        .noneMatch(line -> line.startsWith("family ret"))
        .contains("retained 2", "the store is damaged");
  }

  @Test
  void givenFileThatIsNoneAnyMore_whenChecked_thenTheFileAndItsFamily() throws Exception {
    fill();
    var file = ToolRun.files(data(), Family.MESSAGE).getFirst();
    Files.write(file, new byte[(int) Files.size(file)]);

    var run = ToolRun.of("check", data());

    assertThat(run.status()).isOne();
    assertThat(run.out())
        .anyMatch(line -> line.startsWith("family msg: the file " + file.getFileName()))
        .contains("retained 2");
  }

  @Test
  void givenFileThatIsMissing_whenChecked_thenTheFileAndItsFamily() throws Exception {
    fill();
    var file = ToolRun.files(data(), Family.MESSAGE).getFirst();
    Files.delete(file);

    var run = ToolRun.of("check", data());

    assertThat(run.status()).isOne();
    assertThat(run.out())
        .anyMatch(line -> line.startsWith("family msg: the file " + file.getFileName()));
  }

  @Test
  void givenNoListOfFiles_whenChecked_thenOneLineSaysSo() throws Exception {
    fill();
    Files.delete(data().resolve("state/CURRENT"));

    var run = ToolRun.of("check", data());

    assertThat(run.status()).isOne();
    assertThat(run.err()).singleElement().asString().contains("cannot be opened: ");
  }

  /** As it would lie there after a kill, with three writes in the log. */
  private Path killed() throws Exception {
    var killed = folder.resolve("killed");
    RocksStore.open(data()).close();
    try (var store = RocksStore.open(data())) {
      for (int i = 1; i <= 3; i++) {
        store.changes().session(RocksStoreTest.session(i));
        RocksStoreTest.write(store, i);
      }
      StoreFiles.copy(data(), killed);
    }
    return killed;
  }

  @Test
  void givenLogCutInTheMiddleOfAWrite_whenChecked_thenFine() throws Exception {
    var killed = killed();
    var log = StoreFiles.newestLog(killed.resolve("state"));
    try (var file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(file.length() - 3);
    }

    var run = ToolRun.of("check", killed);

    assertThat(run.out()).contains("sessions 2 (online 2, offline 0)", "the store is whole");
    assertThat(run.status()).isZero();
  }

  @Test
  void givenLogWithBitsThatHaveTurned_whenChecked_thenDamagedFromThereOn() throws Exception {
    var killed = killed();
    var log = StoreFiles.newestLog(killed.resolve("state"));
    flip(log, Files.size(log) / 2);

    var run = ToolRun.of("check", killed);

    assertThat(run.out().getFirst()).startsWith("the log is damaged: ");
    assertThat(run.out()).contains("sessions 1 (online 1, offline 0)");
    assertThat(run.status()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "repair"})
  void givenOwner_whenCheckedOrRepaired_thenOneLineSaysSo(String command) throws Exception {
    try (var _ = RocksStore.open(data())) {
      var run = ToolRun.of(command, data());

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).singleElement().asString().endsWith("another broker has it");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "dump", "repair"})
  void givenNoStore_whenAsked_thenOneLineSaysSoAndNothingIsMade(String command) throws Exception {
    var run = ToolRun.of(command, data());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).singleElement().asString().contains("there is no store in");
    assertThat(data()).doesNotExist();
  }

  @Test
  void givenOtherSchema_whenChecked_thenNotRead() throws Exception {
    RocksStore.open(data()).close();
    put(Family.META, RocksStore.SCHEMA_KEY, RocksStore.number(9));

    var run = ToolRun.of("check", data());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).singleElement().asString().contains("another version of Parley");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "check", "check a b", "dump", "dump --all a", "mend a", "backup a", "restore"})
  void givenCommandThatIsNone_whenRun_thenUsage(String line) {
    var run = ToolRun.of((Object[]) line.split(" "));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().getFirst()).startsWith("usage: parley-store check DIR");
  }

  @Test
  void givenRowsOfEveryKind_whenDumped_thenOneObjectALine() throws Exception {
    fill();

    var run = ToolRun.of("dump", data());

    var will =
        "\"userName\":\"user\",\"protocol\":\"mqtt-v5\",\"transport\":\"tls\","
            + "\"remoteAddress\":\"192.0.2.1\",\"willTopic\":\"w\",\"willQos\":1,"
            + "\"willRetain\":true,\"willDelaySeconds\":9,\"willPayloadBytes\":0}";
    assertThat(run.out())
        .hasSize(17)
        .contains(
            "{\"family\":\"default\",\"key\":\"schema\",\"value\":2}",
            "{\"family\":\"default\",\"key\":\"time\",\"value\":5000}",
            "{\"family\":\"sess\",\"session\":1,\"clientId\":\"client1\",\"epoch\":3,"
                + "\"expirySeconds\":100,\"receiveMaximum\":10,\"online\":true,\"nextSequence\":5,"
                + "\"sentBefore\":4,"
                + will,
            "{\"family\":\"sub\",\"session\":1,\"filter\":\"a/#\",\"maximumQos\":2,"
                + "\"noLocal\":false,\"retainAsPublished\":false,\"retainHandling\":0,"
                + "\"subscriptionId\":7}",
            "{\"family\":\"msg\",\"message\":1,\"publisher\":\"publisher\",\"topic\":\"a/large\","
                + "\"publishedQos\":2,\"publishedRetain\":false,\"receivedAt\":1000,"
                + "\"payloadBytes\":5000}",
            "{\"family\":\"q\",\"session\":1,\"sequence\":6,\"packetId\":7,\"qos\":1,"
                + "\"retain\":false,\"replayed\":false,\"released\":false,"
                + "\"subscriptionIds\":[7],\"message\":1}",
            "{\"family\":\"ret\",\"userName\":\"user\",\"protocol\":\"mqtt-v5\","
                + "\"transport\":\"tls\",\"remoteAddress\":\"192.0.2.1\","
                + "\"publisher\":\"publisher\",\"topic\":\"r/1\",\"publishedQos\":2,"
                + "\"publishedRetain\":false,\"receivedAt\":1000,\"payloadBytes\":3}",
            "{\"family\":\"ret\",\"publisher\":\"publisher\",\"topic\":\"r/2\","
                + "\"publishedQos\":2,\"publishedRetain\":false,\"receivedAt\":1000,"
                + "\"payloadBytes\":3}",
            "{\"family\":\"in2\",\"session\":1,\"packetId\":65535,\"reason\":0}",
            "{\"family\":\"will\",\"epoch\":2,\"clientId\":\"client2\",\"due\":8," + will);
    assertThat(run.status()).isZero();
  }

  @Test
  void givenStoreThatHasAnOwner_whenDumpedWithPayloads_thenInBase64() throws Exception {
    try (var store = RocksStore.open(data())) {
      RocksStoreTest.fill(store.changes());
      RocksStoreTest.write(store, 1);

      var run = ToolRun.of("dump", "--payloads", data());

      assertThat(run.out())
          .contains(
              "{\"family\":\"ret\",\"publisher\":\"publisher\",\"topic\":\"r/2\","
                  + "\"publishedQos\":2,\"publishedRetain\":false,\"receivedAt\":1000,"
                  + "\"payload\":\"dHdv\"}");
    }
  }

  @Test
  void givenRowThatCannotBeDecoded_whenDumped_thenItsKeyAndWhy() throws Exception {
    fill();
    put(Family.INBOUND, new byte[] {0, 0, 1}, new byte[] {0});
    put(Family.DAMAGED, new byte[] {0x51}, new byte[] {7});

    var run = ToolRun.of("dump", data());

    assertThat(run.status()).isOne();
    assertThat(run.out())
        .anyMatch(
            line ->
                line.startsWith("{\"family\":\"in2\",\"key\":\"000001\",\"valueBytes\":1,")
                    && line.contains("\"unreadable\":\""))
        .contains("{\"family\":\"damaged\",\"key\":\"51\",\"valueBytes\":1}");
  }

  @Test
  void givenTextOfPeers_whenWrittenAsJson_thenEscaped() {
    var line =
        new JsonLine()
            .put("t\"", "a\"b\\c\n\u001b\u00e9\ud83d\ude00")
            .put("l", List.of(1, 2))
            .putPairs("p", List.of("a", "1", "b", "2"))
            .putPairs("e", List.of());

    assertThat(line)
        .hasToString(
            "{\"t\\\"\":\"a\\\"b\\\\c\\u000a\\u001b\\u00e9\\ud83d\\ude00\",\"l\":[1, 2],"
                + "\"p\":[[\"a\",\"1\"],[\"b\",\"2\"]],\"e\":[]}");
  }

  private static String place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  /** Nothing else has loaded RocksDB there, and there are no other libraries. */
  @ParameterizedTest
  @ValueSource(strings = {"check", "repair"})
  void givenProcessOfItsOwn_whenRun_thenItsStatusIsTheAnswer(String command) throws Exception {
    fill();
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                place(StoreTool.class) + File.pathSeparator + place(RocksDB.class),
                StoreTool.class.getName(),
                command,
                data().toString())
            .redirectErrorStream(true)
            .start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).contains("entries 5");
  }
}
