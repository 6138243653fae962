package org.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.WebConnection;
import org.junit.jupiter.api.Test;

class TcpShutdownTest {
  @Test
  void givenContainerOtherThanLiberty_whenClosing_thenItsOwnCloseMustDo() {
    OtherConnection connection = new OtherConnection();
    TcpShutdown shutdown = new TcpShutdown();
    assertThat(shutdown.forbidReuse(connection)).isTrue();
    shutdown.cancelWrite(connection);
    shutdown.closeBelowHttp(connection);
    TcpShutdown.closeQuietly(connection);
    assertThat(connection.closes).isEqualTo(1);
  }

  private static final class OtherConnection implements WebConnection {
    private int closes;

    @Override
    public ServletInputStream getInputStream() {
      throw new IllegalStateException("not read here");
    }

    @Override
    public ServletOutputStream getOutputStream() {
      throw new IllegalStateException("not written here");
    }

    @Override
    public void close() {
      closes++;
    }
  }
}
