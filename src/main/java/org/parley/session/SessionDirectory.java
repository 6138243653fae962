package org.parley.session;

import java.util.List;
import java.util.stream.Stream;

/** Who is connected now, by whatever protocol: for operators. */
public final class SessionDirectory {
  /** The sessions of some protocols. */
  @FunctionalInterface
  public interface Source {
    /** Returns those that have a connection, as they are while one goes through them. */
    Stream<LiveSession> live();
  }

  private final List<Source> sources;

  public SessionDirectory(List<Source> sources) {
    this.sources = List.copyOf(sources);
  }

  /**
   * Returns all that have a connection, one by one as they are asked for, so that a hundred
   * thousand cost no memory. In no order.
   */
  public Stream<LiveSession> live() {
    return sources.stream().flatMap(Source::live);
  }
}
