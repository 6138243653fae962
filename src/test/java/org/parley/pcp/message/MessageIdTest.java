package org.parley.pcp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 1.4: {@code id} and {@code in_reply_to} are UUID strings; 2.12 no. 18: strictly. */
class MessageIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1-1-1-1-1",
        "0123456789abcdef0123456789abcdef",
        "01234567-89ab-cdef-0123-456789abcde",
        "01234567-89ab-cdef-0123-456789abcdef0",
        "01234567-89ab-cdef-0123-456789abcdeg",
        "01234567-89ab-cdef-0123-456789abcdeG",
        "01234567-89ab-cdef-0123-456789abcde/",
        "01234567-89ab-cdef-0123-456789abcde:",
        "01234567-89ab-cdef-0123-456789abcde@",
        "01234567-89ab-cdef-0123-456789abcde`",
        "0123456789ab-cdef-0123-456789abcdef-",
        "01234567089ab-cdef-0123-456789abcdef",
        "01234567-89ab0cdef-0123-456789abcdef",
        "01234567-89ab-cdef00123-456789abcdef",
        "01234567-89ab-cdef-01230456789abcdef",
        "{01234567-89ab-cdef-0123-456789abcd}",
        " 1234567-89ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcde\n",
        "\uff1001234567-89ab-cdef-0123-456789abcd"
      })
  void givenTextThatIsNoUuid_whenParsed_thenEmpty(String text) {
    assertThat(MessageId.parse(text)).isEmpty();
    assertThatThrownBy(() -> new MessageId(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01234567-89ab-cdef-0123-456789abcdef",
        "01234567-89AB-CDEF-0123-456789ABCDEF",
        "fFfFfFfF-0000-9999-aAaA-000000000000"
      })
  void givenUuidOfAnyCase_whenParsed_thenTextIsKeptExactly(String text) {
    assertThat(MessageId.parse(text)).map(MessageId::toString).contains(text);
  }

  @Test
  void givenRandomIdentifiers_whenCompared_thenTheyDifferAndParse() {
    MessageId first = MessageId.random();

    assertThat(first).isNotEqualTo(MessageId.random());
    assertThat(MessageId.parse(first.text())).contains(first);
  }
}
