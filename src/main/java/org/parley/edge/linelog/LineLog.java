package org.parley.edge.linelog;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Writes lines on a thread of its own, some at a time. Nobody waits for it: what finds no room, or
 * cannot be written, is counted and left out, and a line says so afterwards.
 *
 * @param <E> what a line is about
 */
public final class LineLog<E> implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LineLog.class.getName());

  /** Not more often: to wake the thread for each line would cost more than the line does. */
  private static final Duration PERIOD = Duration.ofMillis(100);

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int CHARACTERS_A_WRITE = 32 * 1024;

  /**
   * What the operator decides.
   *
   * @param path of the file that is written; its folder must be there
   * @param maximumBytes of one file
   * @param files kept, the one that is written included
   * @param capacity lines that may wait to be written
   */
  public record Options(Path path, long maximumBytes, int files, int capacity) {}

  private final String name;
  private final LineLayout<E> layout;
  private final RotatingFile file;
  private final Path path;
  private final int capacity;
  private final InstantSource clock;
  private final ConcurrentLinkedQueue<E> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();
  private final Thread thread;
  private volatile boolean closed;

  /** The last write has failed. */
  private volatile boolean failing;

  /** Of the writing thread only. */
  private long droppedTold;

  /**
   * @param name what people call it: "access log"
   */
  public LineLog(String name, LineLayout<E> layout, Options options, InstantSource clock) {
    this.name = name;
    this.layout = layout;
    this.file = new RotatingFile(options.path, options.maximumBytes, options.files);
    this.path = options.path;
    this.capacity = options.capacity;
    this.clock = clock;
    this.thread = new Thread(this::work, "parley-" + name.replace(' ', '-'));
    thread.setDaemon(true);
    thread.setContextClassLoader(LineLog.class.getClassLoader());
  }

  /** Begins to write. */
  public void start() {
    thread.start();
  }

  /** Has a line written, made of this on the thread that writes; or counts it as left out. */
  public void add(Supplier<E> line) {
    int now = waiting.incrementAndGet();
    if (now > capacity) {
      waiting.decrementAndGet();
      dropped.increment();
      return;
    }
    queue.add(line.get());
    if (now == capacity / 2) {
      LockSupport.unpark(thread);
    }
  }

  /** Returns how many lines were left out since the start. */
  public long dropped() {
    return dropped.sum();
  }

  /** Returns whether the last lines could not be written. */
  public boolean failing() {
    return failing;
  }

  /** Writes what waits and ends the log; a file system that hangs is not waited for. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    if (thread.getState() == Thread.State.NEW) { // the start failed before it was begun
      return;
    }
    try {
      if (!thread.join(PATIENCE)) {
        LOG.log(Level.WARNING, () -> waiting.get() + " lines of the " + name + " are not written");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    boolean last;
    do {
      last = closed;
      if (!last) {
        LockSupport.parkNanos(PERIOD.toNanos());
      }
      try {
        writeAll();
      } catch (RuntimeException | Error e) {
        // Memory that ran out once must not end the log for good.
        LOG.log(Level.ERROR, name, e);
      }
    } while (!last);
    try {
      file.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, name + " not closed", e);
    }
  }

  private void writeAll() {
    var lines = new StringBuilder();
    int count = 0;
    try {
      for (var entry = queue.poll(); entry != null; entry = queue.poll()) {
        waiting.decrementAndGet();
        count++;
        layout.append(lines, entry);
        if (lines.length() > CHARACTERS_A_WRITE) {
          write(lines, count);
          lines.setLength(0);
          count = 0;
        }
      }
      if (count > 0 || dropped.sum() > droppedTold) {
        write(lines, count);
      }
    } catch (RuntimeException | Error e) {
      dropped.add(count);
      throw e;
    }
  }

  private void write(StringBuilder lines, int count) {
    long missing = dropped.sum();
    if (missing > droppedTold) {
      layout.appendDropped(lines, clock.millis(), missing - droppedTold);
    }
    try {
      file.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
      droppedTold = missing;
      if (failing) {
        failing = false;
        LOG.log(Level.INFO, () -> name + " is written again: " + path);
      }
    } catch (IOException e) {
      dropped.add(count);
      if (!failing) {
        failing = true;
        LOG.log(Level.WARNING, () -> name + " cannot be written, all else goes on: " + e);
      }
    }
  }
}
