package org.parley.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.parley.testing.TestIssuer;
import org.parley.testing.TestPki;

/** Makes the test PKI before Arquillian starts the server, whose key stores it holds. */
public final class PkiBeforeServer implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (System.getProperty("parley.it.war") != null) {
      ServerUnderTest.install(TestPki.shared().crls().empty());
      writeKeySet();
    }
  }

  private static void writeKeySet() {
    try {
      Files.writeString(
          TestPki.shared().directory().resolve("jwks.json"),
          TestIssuer.keySet(TestIssuer.shared()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
