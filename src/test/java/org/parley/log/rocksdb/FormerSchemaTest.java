package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.log.row.MessageRow;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.RecordedRows;
import org.parley.mqtt.state.RetainedMessage;

/** A store as it was before retained messages had publishers: read as it is, and taken over. */
class FormerSchemaTest {
  private static final Owner OWNER =
      new Owner(Optional.empty(), Optional.of("user"), "mqtt-v5", "tls", "192.0.2.1");

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  @BeforeEach
  void fill() throws Exception {
    try (var store = RocksStore.open(data())) {
      store.changes().session(RocksStoreTest.session(1));
      RocksStoreTest.write(store, 5_000);
    }
    var message = RocksStoreTest.message("r/1", "one");
    OpenedByHand.put(data(), Family.RETAINED, Key.of("r/1"), MessageRow.encode(message));
    OpenedByHand.put(
        data(), Family.META, RocksStore.SCHEMA_KEY, RocksStore.number(RocksStore.FORMER_SCHEMA));
  }

  private static RecordedRows expected(RetainedMessage... retained) {
    var rows = new RecordedRows();
    rows.session(RocksStoreTest.session(1));
    for (var message : retained) {
      rows.retained(message);
    }
    return rows;
  }

  private void expectSchema(Path of, int schema) {
    assertThat(ToolRun.of("dump", of).out())
        .contains("{\"family\":\"default\",\"key\":\"schema\",\"value\":" + schema + "}");
  }

  @Test
  void givenFormerSchema_whenOpened_thenItsRetainedMessagesHaveNoPublisher() throws Exception {
    expectSchema(data(), 1);

    try (var store = RocksStore.open(data())) {
      assertThat(RocksStoreTest.read(store))
          .hasToString(expected(RocksStoreTest.retained("r/1", "one")).toString());
      assertThat(store.damaged()).isZero();
    }

    expectSchema(data(), 2);
  }

  @Test
  void givenFormerSchemaTakenOver_whenWrittenToAndOpenedAgain_thenBothForms() throws Exception {
    var second = new RetainedMessage(RocksStoreTest.message("r/2", "two"), Optional.of(OWNER));
    try (var store = RocksStore.open(data())) {
      store.changes().retained(second);
      RocksStoreTest.write(store, 6_000);
    }

    try (var store = RocksStore.open(data())) {
      assertThat(RocksStoreTest.read(store))
          .hasToString(expected(RocksStoreTest.retained("r/1", "one"), second).toString());
    }
  }

  @Test
  void givenFormerSchema_whenCheckedAndBackedUp_thenWholeAndStillOfIt() throws Exception {
    var copy = folder.resolve("copy");

    assertThat(ToolRun.of("check", data()).out()).contains("retained 1", "the store is whole");
    assertThat(ToolRun.of("backup", data(), copy).status()).isZero();

    expectSchema(data(), 1);
    expectSchema(copy, 1);
    try (var store = RocksStore.open(copy)) {
      assertThat(RocksStoreTest.read(store))
          .hasToString(expected(RocksStoreTest.retained("r/1", "one")).toString());
    }
  }

  @Test
  void givenFormerSchema_whenRepaired_thenTakenOver() throws Exception {
    assertThat(ToolRun.of("repair", data()).status()).isZero();

    expectSchema(data(), 2);
    try (var store = RocksStore.open(data())) {
      assertThat(RocksStoreTest.read(store))
          .hasToString(expected(RocksStoreTest.retained("r/1", "one")).toString());
    }
  }
}
