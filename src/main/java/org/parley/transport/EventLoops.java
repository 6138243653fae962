package org.parley.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that own the wires. They are plain daemon threads: threads of a container would need
 * a lock of the application that is being started, and would wait for it.
 */
public final class EventLoops {
  private static final Logger LOG = System.getLogger(EventLoops.class.getName());

  /** How long the thread by which Netty tells that all has ended may take to end itself. */
  private static final Duration LAST_THREAD = Duration.ofSeconds(3);

  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  private final SocketKind kind;
  private final EventLoopGroup group;

  private final List<ChannelGroup> open = new CopyOnWriteArrayList<>();
  private final ChannelGroup servers = newGroup();

  private EventLoops(SocketKind kind, EventLoopGroup group) {
    this.kind = kind;
    this.group = group;
  }

  /**
   * Starts the threads.
   *
   * @param threads how many, at least 1
   * @param loader the class loader of the application
   */
  public static EventLoops start(int threads, ClassLoader loader) {
    return start(SocketKind.best(), threads, loader);
  }

  static EventLoops start(SocketKind kind, int threads, ClassLoader loader) {
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    if (System.getProperty(LEAK_DETECTION) == null) {
      // Netty's own default samples: a stack trace each, 3 % of these threads' time.
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    try {
      var group =
          new MultiThreadIoEventLoopGroup(threads, daemonThreads(loader), kind.ioHandlers());
      group.forEach(loop -> loop.execute(() -> {})); // a loop starts its thread with its first task
      // When the WAR's file has been removed, what closes could not be loaded any more.
      var _ = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE).close();
      return new EventLoops(kind, group);
    } finally {
      forgetThread();
    }
  }

  /**
   * Removes what Netty has left in the calling thread, if it is none of these: a thread of a
   * container lives on, and would keep the application's classes.
   */
  static void forgetThread() {
    FastThreadLocal.removeAll();
  }

  private static ThreadFactory daemonThreads(ClassLoader loader) {
    var started = new AtomicInteger();
    return task -> {
      var thread = new FastThreadLocalThread(task, "parley-transport-" + started.incrementAndGet());
      thread.setDaemon(true);
      thread.setContextClassLoader(loader);
      return thread;
    };
  }

  /** Returns whether Linux's epoll is used, and not the JDK's selectors. */
  public boolean epoll() {
    return kind == SocketKind.EPOLL;
  }

  ServerSocketChannel bind(InetSocketAddress address, int backlog) throws IOException {
    return kind.bind(address, backlog);
  }

  /**
   * Returns a new group for open channels: once the threads are stopped, it closes what is added.
   */
  ChannelGroup newGroup() {
    var made = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    open.add(made);
    return made;
  }

  /** Gives a channel that accepts others to one of the threads. */
  void adopt(ServerSocketChannel server) {
    adopt(server, servers);
  }

  /**
   * Gives a channel to one of the threads. What cannot be given is closed.
   *
   * @param among one of {@link #newGroup()}; it knows the channel until that is closed
   */
  void adopt(Channel channel, ChannelGroup among) {
    among.add(channel);
    var _ = group.register(channel);
  }

  /**
   * Closes what is still open, and ends the threads; returns when they have ended, or the time is
   * over. A thread of Netty 4.2 that is told to end in the middle of its round may end without
   * closing its channels, so that they are closed before.
   */
  public void stop(Duration limit) {
    try {
      var groups = List.copyOf(open);
      var closing = new CountDownLatch(groups.size());
      groups.forEach(one -> one.close().addListener(_ -> closing.countDown()));
      if (!closing.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "connections are slow to close");
      }
      var _ = group.shutdownGracefully(0, limit.toMillis(), TimeUnit.MILLISECONDS);
      long patience = limit.plus(LAST_THREAD).toMillis();
      if (!group.terminationFuture().await(patience)
          || !GlobalEventExecutor.INSTANCE.awaitInactivity(
              LAST_THREAD.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "threads of the transport have not ended");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      forgetThread();
    }
  }
}
