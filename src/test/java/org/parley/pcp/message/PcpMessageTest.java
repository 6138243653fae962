package org.parley.pcp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 1.1: the charsets that come before authorization; R13. */
class PcpMessageTest {
  private static final V2Message MESSAGE =
      new V2Message(
          new MessageId("01234567-89ab-cdef-0123-456789abcdef"),
          "t",
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  @ParameterizedTest
  @ValueSource(strings = {"", "http://puppetlabs.com/error_message", "azAZ09_-.:/"})
  void givenMessageTypeInsideCharset_whenAsked_thenAuthorizable(String type) {
    assertThat(ofType(type).hasAuthorizableCharset()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b", "a\n", "\r\n", "a\"b", "a*", "\u00e9", "\u0661", "a,b", "[", "@", "`", "{", "^", "\0"
      })
  void givenMessageTypeOutsideCharset_whenAsked_thenNotAuthorizable(String type) {
    assertThat(ofType(type).hasAuthorizableCharset()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcp:///server", "pcp://*/*", "pcp://a-b_c.d:e/T9", "pcp://a*/b"})
  void givenTargetInsideCharset_whenAsked_thenAuthorizable(String target) {
    assertThat(MESSAGE.withTarget(new PcpUri(target)).hasAuthorizableCharset()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcp://a b/c", "pcp://a/b\n", "pcp://\u00e9/b", "pcp://a/%41gent"})
  void givenTargetOutsideCharset_whenAsked_thenNotAuthorizable(String target) {
    assertThat(MESSAGE.withTarget(new PcpUri(target)).hasAuthorizableCharset()).isFalse();
  }

  @Test
  void givenMessage_whenSenderIsFilledIn_thenOnlySenderChanges() {
    var sender = new PcpUri("pcp://client01.example.com/agent");

    var filled = MESSAGE.withSender(sender);

    assertThat(filled)
        .isEqualTo(
            new V2Message(
                MESSAGE.id(),
                "t",
                Optional.empty(),
                Optional.of(sender),
                Optional.empty(),
                Optional.empty()));
  }

  private static V2Message ofType(String type) {
    return new V2Message(
        MESSAGE.id(), type, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
