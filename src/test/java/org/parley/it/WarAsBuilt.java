package org.parley.it;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.Assignable;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Gives Arquillian the WAR of this build byte for byte. ShrinkWrap's own exporter would compress it
 * anew for each class of tests, which takes seconds.
 */
public final class WarAsBuilt implements ZipExporter {
  static final Path WAR = Path.of(System.getProperty("parley.it.war", "target/parley.war"));

  private final Archive<?> archive;

  /** Is called by ShrinkWrap. */
  public WarAsBuilt(Archive<?> archive) {
    this.archive = archive;
  }

  /** Returns the archive to deploy. */
  static WebArchive archive() {
    var domain = ShrinkWrap.createDomain();
    domain.getConfiguration().getExtensionLoader().addOverride(ZipExporter.class, WarAsBuilt.class);
    // Not createFromZipFile, which goes back to the default domain.
    return domain
        .getArchiveFactory()
        .create(WebArchive.class, WAR.getFileName().toString())
        .as(ZipImporter.class)
        .importFrom(WAR.toFile())
        .as(WebArchive.class);
  }

  @Override
  public <T extends Assignable> T as(Class<T> type) {
    return archive.as(type);
  }

  @Override
  public InputStream exportAsInputStream() {
    try {
      return Files.newInputStream(WAR);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void exportTo(OutputStream target) {
    try {
      Files.copy(WAR, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void exportTo(File target) {
    exportTo(target, false);
  }

  @Override
  public void exportTo(File target, boolean overwrite) {
    var options =
        overwrite ? new CopyOption[] {StandardCopyOption.REPLACE_EXISTING} : new CopyOption[0];
    try {
      Files.copy(WAR, target.toPath(), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
