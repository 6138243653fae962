package org.parley.testing.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a disk holds for certain, by a journal of {@link Shim}: of a file what was there when its
 * last good sync began; of a folder the names that were there when its own last good sync began.
 */
final class Disk {

  /**
   * Bytes that were written over others.
   *
   * @param at where in the file
   * @param old where the former bytes are in what {@link Shim} has kept of them
   */
  record Overwritten(long at, int length, long old) {}

  /** A file or folder, whatever its name. */
  static final class Content {
    private Path where;
    private long synced;
    private final ArrayDeque<Overwritten> overwritten = new ArrayDeque<>();
    private long certain;

    Content(Path where, long synced) {
      this.where = where;
      this.synced = synced;
    }

    /** Returns where it is now. */
    Path where() {
      return where;
    }

    /** Returns how much of it is certain. */
    long synced() {
      return synced;
    }

    /**
     * Returns what may be as it was before, of bytes that are certain to be there; newest first.
     */
    List<Overwritten> overwritten() {
      return List.copyOf(overwritten.reversed());
    }

    private long overwrites() {
      return certain + overwritten.size();
    }

    private void synced(Sync sync) {
      synced = Math.max(synced, sync.length);
      for (; certain < sync.overwrites; certain++) {
        overwritten.remove();
      }
    }
  }

  /** A name is given, or taken: content is null then. */
  private record Change(Path name, @Nullable Content content) {}

  /** Changes of one folder that are made together. */
  private record Step(long number, List<Change> changes) {}

  private record Sync(
      Path path, @Nullable Content content, long length, long overwrites, long begun) {}

  private final Map<Path, Content> now = new HashMap<>();
  private final Map<Path, Content> certain = new TreeMap<>();
  private final Map<Path, List<Step>> uncertain = new HashMap<>();
  private final Map<String, Sync> syncs = new HashMap<>();
  private long steps;

  /** All that is in a folder is on the disk. */
  static Disk settled(Path root) throws IOException {
    var disk = new Disk();
    if (Files.exists(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        for (var path : all.toList()) {
          disk.now.put(path, new Content(path, Files.size(path)));
        }
      }
    }
    disk.certain.putAll(disk.now);
    return disk;
  }

  /** Goes on as the journal has it. */
  void replay(List<String[]> journal) {
    for (var words : journal) {
      var path = Path.of(words[1]);
      switch (words[0]) {
        case "C" -> made(path);
        case "R" -> renamed(path, Path.of(words[2]), words[3], words[4]);
        case "U" -> removed(path, words[2]);
        case "O" ->
            overwritten(
                path,
                new Overwritten(
                    Long.parseLong(words[2]),
                    Integer.parseInt(words[3]),
                    Long.parseLong(words[4])));
        case "T" -> shortened(path, Long.parseLong(words[2]));
        case "B" -> begun(words[1], Path.of(words[2]), Long.parseLong(words[3]));
        case "E" -> ended(words[1]);
        default -> {}
      }
    }
  }

  private void step(Path folder, Change... changes) {
    uncertain
        .computeIfAbsent(folder, _ -> new ArrayList<>())
        .add(new Step(steps++, List.of(changes)));
  }

  private static Path folder(Path path) {
    var parent = path.getParent();
    return parent == null ? path : parent;
  }

  private void made(Path path) {
    var content = new Content(path, 0);
    now.put(path, content);
    step(folder(path), new Change(path, content));
  }

  /** What was made unseen, as the log for people, stays so. */
  private void renamed(Path from, Path to, String grave, String link) {
    var content = now.remove(from);
    var former = now.remove(to);
    if (former != null) {
      former.where = Path.of(grave);
    }
    if (content != null) {
      content.where = link.equals("-") ? to : Path.of(link);
      now.put(to, content);
      step(folder(to), new Change(from, null), new Change(to, content));
    }
  }

  private void removed(Path path, String grave) {
    var content = now.remove(path);
    if (content != null) {
      content.where = Path.of(grave);
      step(folder(path), new Change(path, null));
    }
  }

  private void shortened(Path path, long length) {
    var content = now.get(path);
    if (content != null) {
      content.synced = Math.min(content.synced, length);
    }
  }

  private void overwritten(Path path, Overwritten bytes) {
    var content = now.get(path);
    if (content != null) {
      content.overwritten.add(bytes);
    }
  }

  private void begun(String number, Path path, long length) {
    var content = now.get(path);
    long overwrites = content == null ? 0 : content.overwrites();
    syncs.put(number, new Sync(path, content, length, overwrites, steps));
  }

  private void ended(String number) {
    var sync = syncs.remove(number);
    if (sync == null) {
      return;
    }
    if (sync.content != null) {
      sync.content.synced(sync);
    }
    var open = uncertain.getOrDefault(sync.path, new ArrayList<>());
    while (!open.isEmpty() && open.getFirst().number < sync.begun) {
      apply(open.removeFirst());
    }
  }

  private void apply(Step step) {
    for (var change : step.changes) {
      if (change.content == null) {
        certain.remove(change.name);
      } else {
        certain.put(change.name, change.content);
      }
    }
  }

  /** Returns what is left by name: of each folder's uncertain changes only the first few. */
  Map<Path, Content> left(Path root, Random random) {
    for (var open : uncertain.values()) {
      int kept = random.nextInt(open.size() + 1);
      open.stream().limit(kept).forEach(this::apply);
    }
    certain.putIfAbsent(root, new Content(root, 0));
    certain.keySet().removeIf(path -> !path.equals(root) && !certain.containsKey(folder(path)));
    return certain;
  }
}
