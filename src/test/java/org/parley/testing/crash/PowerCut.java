package org.parley.testing.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Random;
import org.parley.testing.crash.Disk.Content;

/**
 * A broker whose kill is a loss of power: of what was not synced only a part is left, and that is
 * damaged; names that were not synced are as they were before.
 */
public final class PowerCut implements Victim {

  private static final int SECTOR = 512;

  /** What the end of a file may look like. */
  private enum End {
    NOTHING,
    AS_WRITTEN,
    GARBAGE,
    ZEROS
  }

  private final BrokerVictim broker;
  private final Shim shim;
  private final Random random;
  private Disk disk = new Disk();
  private long bytesLost;
  private long bytesWrittenOver;
  private long bytesUndone;
  private String fault = "";

  public PowerCut(BrokerVictim broker, Shim shim, long seed) {
    this.broker = broker;
    this.shim = shim;
    this.random = new Random(seed);
  }

  /** Returns how many bytes that were written had not been synced. */
  public long bytesLost() {
    return bytesLost;
  }

  /** Returns how many bytes were written over others. */
  public long bytesWrittenOver() {
    return bytesWrittenOver;
  }

  /** Returns how many bytes that were written over others had not been synced, and were undone. */
  public long bytesUndone() {
    return bytesUndone;
  }

  @Override
  public int start() throws IOException {
    arm();
    return broker.start();
  }

  /**
   * Sets how the disk fails from the next start on, as {@code powercut.c} has it; or not at all.
   */
  public void fault(String next) {
    fault = next;
  }

  private void arm() throws IOException {
    broker.environment(fault.isEmpty() ? shim.environment() : shim.environment(fault));
    disk = Disk.settled(shim.root());
  }

  /** Cuts the power after this time, whether it has started by then or not. */
  public void stumble(Duration after) throws IOException, InterruptedException {
    arm();
    broker.stumble(after);
    cut();
  }

  @Override
  public void kill() throws IOException {
    broker.kill();
    cut();
  }

  /** Makes of the folder what the disk would have. */
  private void cut() throws IOException {
    var root = shim.root();
    var journal = shim.journal();
    disk.replay(journal);
    for (var words : journal) {
      bytesWrittenOver += words[0].equals("O") ? Long.parseLong(words[3]) : 0;
    }
    var next = root.resolveSibling("after-the-cut");
    Files.createDirectory(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (var left : disk.left(root, random).entrySet()) {
      var target = next.resolve(root.relativize(left.getKey()));
      var where = left.getValue().where();
      if (Files.isDirectory(where)) {
        Files.createDirectories(target);
      } else {
        Files.createLink(target, where);
        undo(target, left.getValue());
        damage(target, left.getValue().synced());
      }
    }
    Folders.delete(root);
    Files.move(next, root);
  }

  /** Of what was written over other bytes and not synced, each sector is there or is not. */
  private void undo(Path file, Content content) throws IOException {
    var end = End.values()[random.nextInt(End.values().length)];
    if (content.overwritten().isEmpty()) {
      return;
    }
    try (var old = new RandomAccessFile(shim.old().toFile(), "r");
        var open = new RandomAccessFile(file.toFile(), "rw")) {
      for (var bytes : content.overwritten()) {
        var former = new byte[bytes.length()];
        old.seek(bytes.old());
        old.readFully(former);
        for (int from = 0; from < former.length; ) {
          int sector = (int) Math.min(SECTOR - (bytes.at() + from) % SECTOR, former.length - from);
          long room = open.length() - (bytes.at() + from);
          if (room > 0 && isLost(end)) {
            open.seek(bytes.at() + from);
            open.write(former, from, (int) Math.min(sector, room));
            bytesUndone += sector;
          }
          from += sector;
        }
      }
    }
  }

  private boolean isLost(End end) {
    return end == End.NOTHING || (end != End.AS_WRITTEN && random.nextBoolean());
  }

  private void damage(Path file, long synced) throws IOException {
    long size = Files.size(file);
    if (size <= synced) {
      return;
    }
    bytesLost += size - synced;
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      long kept = random.nextLong(size - synced + 1);
      var end = End.values()[random.nextInt(End.values().length)];
      open.setLength(end == End.NOTHING ? synced : synced + kept);
      if (end == End.GARBAGE || end == End.ZEROS) {
        var bytes = new byte[Math.toIntExact(kept - random.nextLong(kept + 1))];
        if (end == End.GARBAGE) {
          random.nextBytes(bytes);
        }
        open.seek(synced + kept - bytes.length);
        open.write(bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    broker.close();
  }
}
