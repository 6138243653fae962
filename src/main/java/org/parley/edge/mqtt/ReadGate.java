package org.parley.edge.mqtt;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Holds the thread that reads while nothing shall be read. */
final class ReadGate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition opened = lock.newCondition();
  private volatile boolean open = true;
  private boolean forEver;

  boolean isOpen() {
    return open;
  }

  void set(boolean toOpen) {
    lock.lock();
    try {
      open = toOpen || forEver;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Opens it for good: the connection ends. */
  void remove() {
    lock.lock();
    try {
      forEver = true;
      open = true;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void await() throws InterruptedException {
    lock.lock();
    try {
      while (!open) {
        opened.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
