package org.parley.it;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.parley.testing.TestPki;

/** Makes the test PKI before Arquillian starts the server, whose key stores it holds. */
public final class PkiBeforeServer implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (System.getProperty("parley.it.war") != null) {
      ServerUnderTest.install(TestPki.shared().crls().empty());
    }
  }
}
