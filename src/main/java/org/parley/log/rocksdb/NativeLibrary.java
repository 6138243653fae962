package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * RocksDB's native library. Where the system has none, it is unpacked from the JAR into the folder
 * of temporary files, and removed from there as soon as it is loaded: RocksDB itself does so when
 * the JVM ends, so that each broker that is killed would leave 17 MB behind.
 */
final class NativeLibrary {
  /** RocksDB's own setting: where to unpack it, if not with the temporary files. */
  private static final String PARENT = "ROCKSDB_SHAREDLIB_DIR";

  private static final String NAME = "parley-rocksdb";

  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads it, once; to be called before any class of RocksDB is used.
   *
   * @throws IOException if there is no place where it could be unpacked
   * @throws UnsatisfiedLinkError if it cannot be loaded from there
   */
  static synchronized void load() throws IOException {
    if (loaded) {
      return;
    }
    var folder = newFolder(); // one for each class loader
    folder.toFile().deleteOnExit(); // where what is in use cannot be removed
    try {
      NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
      RocksDB.loadLibrary(); // finds it loaded
      loaded = true;
    } finally {
      remove(folder);
    }
  }

  private static Path newFolder() throws IOException {
    var parent = System.getenv(PARENT);
    return parent == null || parent.isEmpty()
        ? Files.createTempDirectory(NAME)
        : Files.createTempDirectory(Path.of(parent), NAME);
  }

  private static void remove(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException _) {
      return; // the JVM does it when it ends
    }
  }
}
