package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.policy.file.PolicyParsed;
import org.parley.policy.file.PolicyReader;

class AclImportTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private int run(InputStream in, OutputStream to, String... arguments) {
    return AclImport.run(
        arguments,
        in,
        new PrintStream(to, true, StandardCharsets.US_ASCII),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Test
  void givenAclFile_whenRun_thenAPolicyThatTheBrokerReads() {
    assertThat(run(text("topic read a\nuser \u00FC\ntopic b\n"), out)).isZero();

    assertThat(PolicyReader.read(out.toByteArray())).isInstanceOf(PolicyParsed.Loaded.class);
    assertThat(err.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# a\n",
        "topic a\ntopic read",
        "topic a\nuser",
        "topic a\nallow b",
        "topic\u0000"
      })
  void givenBadFile_whenRun_thenOneLineAndNoPolicy(String acl) {
    assertThat(run(text(acl), out)).isEqualTo(2);

    assertThat(out.size()).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).matches("line \\d+, column \\d+: [ -~]+\n");
  }

  @Test
  void givenInputWithoutEnd_whenRun_thenItEnds() {
    var endless =
        new InputStream() {
          @Override
          public int read() {
            return '#';
          }

          @Override
          public int read(byte[] to, int from, int length) {
            Arrays.fill(to, from, from + length, (byte) '#');
            return length;
          }
        };

    assertThat(run(endless, out)).isEqualTo(2);
    assertThat(out.size()).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("the file is too large");
  }

  @Test
  void givenInputThatCannotBeRead_whenRun_thenNoPolicy() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("no disk");
          }

          @Override
          public int read(byte[] to, int from, int length) throws IOException {
            throw new IOException("no disk");
          }
        };

    assertThat(run(broken, out)).isEqualTo(2);
    assertThat(out.size()).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("the input cannot be read\n");
  }

  @Test
  void givenOutputThatIsFull_whenRun_thenItIsSaid() {
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space");
          }
        };

    assertThat(run(text("topic a"), full)).isEqualTo(1);
    assertThat(err.size()).isPositive();
  }

  @Test
  void givenArguments_whenRun_thenUsage() {
    assertThat(run(text("topic a"), out, "mosquitto.acl")).isEqualTo(2);
    assertThat(out.size()).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("usage: ");
  }
}
