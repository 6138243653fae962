package org.parley.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the broker's process holds. */
record Sample(long residentMib, long heapMib, int threads, int handles) {
  private static final int MIB = 1024;

  /** The store's memory and cache (64 and 16 MiB), which fill up by and by, and compiled code. */
  private static final int MORE_RESIDENT_MIB = 208;

  private static final int MORE_HEAP_MIB = 48;
  private static final int MORE_THREADS = 24;
  private static final int MORE_HANDLES = 48;

  /** Looks at it as it is. */
  static Sample of(Broker broker) throws IOException {
    var process = Path.of("/proc", Long.toString(broker.pid()));
    long resident =
        Files.readAllLines(process.resolve("status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / MIB)
            .findFirst()
            .orElse(0);
    double heap = broker.metric("jvm_memory_used_bytes{area=\"heap\"}");
    return new Sample(
        resident, (long) heap / MIB / MIB, count(process, "task"), count(process, "fd"));
  }

  /** The same after garbage was collected. */
  static Sample collected(Broker broker) throws IOException {
    for (int i = 0; i < 3; i++) {
      var _ = broker.jcmd("GC.run");
    }
    return of(broker);
  }

  /** Returns what is more than it was before, and more than what comes and goes. */
  List<String> beyond(Sample before) {
    var beyond = new ArrayList<String>();
    compare(beyond, "resident MiB", before.residentMib, residentMib, MORE_RESIDENT_MIB);
    compare(beyond, "heap MiB", before.heapMib, heapMib, MORE_HEAP_MIB);
    compare(beyond, "threads", before.threads, threads, MORE_THREADS);
    compare(beyond, "handles", before.handles, handles, MORE_HANDLES);
    return beyond;
  }

  private static void compare(List<String> beyond, String what, long before, long now, int more) {
    if (now > before + more) {
      beyond.add(what + " were " + before + " and are " + now);
    }
  }

  private static int count(Path process, String what) throws IOException {
    try (var entries = Files.list(process.resolve(what))) {
      return (int) entries.count();
    }
  }

  @Override
  public String toString() {
    return "resident %d MiB, heap %d MiB, threads %d, handles %d"
        .formatted(residentMib, heapMib, threads, handles);
  }
}
