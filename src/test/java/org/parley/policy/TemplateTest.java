package org.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final Subject SUBJECT = Peers.mqtt("host.example", "ada", "sensor-1");

  private static Template template(String text) {
    return Template.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, a/b",
    "%c, sensor-1",
    "%u/x, ada/x",
    "%cn, host.example",
    "%cnx, host.examplex",
    "dev/%c/%u/%cn/#, dev/sensor-1/ada/host.example/#",
    "100%%, 100%",
    "%%c, %c",
    "%c%u, sensor-1ada"
  })
  void givenPlaceholders_whenFilled_thenNamesAsTheyAre(String text, String filled) {
    assertThat(template(text).fill(SUBJECT)).contains(filled);
    assertThat(template(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "a%", "%x", "%C", "a/%/b", "%%%"})
  void givenSignThatStandsForNothing_whenParsed_thenNone(String text) {
    assertThat(Template.parse(text)).isEmpty();
  }

  /** A name must not be read as a wildcard, nor as more than one level. */
  @ParameterizedTest
  @ValueSource(strings = {"+", "#", "a/b", "/", "a+", "#a", "*", "a\0b", ""})
  @Tag("CVE-2017-7650")
  void givenNameThatIsMoreThanAName_whenFilled_thenNothing(String name) {
    assertThat(template("dev/%c/data").fill(Peers.mqtt("", "", name))).isEmpty();
    assertThat(template("dev/%u").fill(Peers.mqtt("", name, "c"))).isEmpty();
  }

  @Test
  void givenNameWithDollar_whenFilled_thenNotWhereTheTopicBegins() {
    var subject = Peers.mqtt("", "", "$SYS");

    assertThat(template("%c/#").fill(subject)).isEmpty();
    assertThat(template("%c").fill(subject)).isEmpty();
    assertThat(template("a/%c/#").fill(subject)).contains("a/$SYS/#");
  }

  @Test
  void givenNameWithPlaceholder_whenFilled_thenItIsNotFilledAgain() {
    assertThat(template("%c/%u").fill(Peers.mqtt("", "secret", "%u"))).contains("%u/secret");
  }

  @Test
  @Tag("edge-152")
  @Tag("CVE-2026-32696")
  void givenNoSuchName_whenFilled_thenNothing() {
    var anonymous = Peers.mqtt("", "", "c");

    assertThat(template("a/%u").fill(anonymous)).isEmpty();
    assertThat(template("a/%cn").fill(anonymous)).isEmpty();
    assertThat(template("a/%c").fill(Peers.peer("a", "agent"))).isEmpty();
  }
}
