package org.parley.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.function.IntPredicate;

/**
 * Ports for servers that are told where to listen before they do. Each is given once, and none is
 * one that the system would choose by itself: between the choice and the server's bind, nobody else
 * can get it.
 */
public final class FreePorts {
  private static final Path SYSTEMS_OWN = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  /** Below them are those of services that run on developers' machines. */
  private static final int FIRST = 20_000;

  /** Where the system's own begin, if it is set up as usual. */
  private static final int USUAL_END = 32_768;

  /** Processes that begin one after the other begin so far from each other. */
  private static final int PER_PROCESS = 128;

  private static final FreePorts SHARED =
      new FreePorts(
          FIRST, endOfOthers(), ProcessHandle.current().pid() * PER_PROCESS, FreePorts::free);

  private final int first;
  private final int count;
  private final IntPredicate free;
  private final long start;
  private int tried;

  FreePorts(int first, int end, long start, IntPredicate free) {
    this.first = first;
    this.count = end - first;
    this.start = start;
    this.free = free;
  }

  /**
   * Returns a port that nobody listens on and that no caller has had.
   *
   * @throws IllegalStateException if there is none left
   */
  public static int take() {
    return SHARED.next();
  }

  synchronized int next() {
    while (tried < count) {
      int port = first + (int) ((start + tried++) % count);
      if (free.test(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + first + " to " + (first + count - 1));
  }

  private static int endOfOthers() {
    try (var numbers = new Scanner(SYSTEMS_OWN, UTF_8)) {
      int begin = numbers.nextInt();
      return begin < FIRST + PER_PROCESS ? USUAL_END : begin;
    } catch (IOException _) {
      return USUAL_END; // not Linux
    }
  }

  private static boolean free(int port) {
    try (var socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException _) {
      return false; // somebody's
    }
  }
}
