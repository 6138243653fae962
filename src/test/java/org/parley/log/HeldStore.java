package org.parley.log;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.parley.mqtt.state.RecordedRows;
import org.parley.mqtt.state.StateChanges;
import org.parley.mqtt.state.StateRows;

/** A store in memory whose writes take as long as the test wants, or fail. */
final class HeldStore implements Store {
  /** One write. */
  record Write(long changes, long time, boolean sync) {}

  private record Changes(long count) implements Batch {
    @Override
    public boolean isEmpty() {
      return count == 0;
    }

    @Override
    public long bytes() {
      return count;
    }
  }

  final RecordedRows rows = new RecordedRows();
  final List<Write> writes = new CopyOnWriteArrayList<>();
  final Semaphore begun = new Semaphore(0);
  final Semaphore allowed = new Semaphore(0);
  volatile boolean failing;
  volatile boolean broken;
  volatile boolean closed;
  long lastTime;
  private final AtomicLong changed = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final StateChanges changes =
      (StateChanges)
          Proxy.newProxyInstance(
              HeldStore.class.getClassLoader(),
              new Class<?>[] {StateChanges.class},
              (_, method, arguments) -> {
                changed.incrementAndGet();
                try {
                  return method.invoke(rows, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });

  /** Lets all writes pass. */
  HeldStore free() {
    allowed.release(1_000_000);
    return this;
  }

  @Override
  public void load(StateRows to) {
    rows.replay(to);
  }

  @Override
  public long lastTime() {
    return lastTime;
  }

  @Override
  public StateChanges changes() {
    return changes;
  }

  @Override
  public long changed() {
    return changed.get();
  }

  @Override
  public long collectedBytes() {
    return changed.get() - taken.get();
  }

  @Override
  public Batch take() {
    long count = changed.get() - taken.get();
    taken.addAndGet(count);
    return new Changes(count);
  }

  @Override
  public void write(Batch batch, long time, boolean sync) throws StoreException {
    begun.release();
    allowed.acquireUninterruptibly();
    if (failing) {
      throw new StoreException("the disk is gone", new IOException("no disk"));
    }
    writes.add(new Write(batch.bytes(), time, sync));
  }

  @Override
  public boolean broken() {
    return broken;
  }

  @Override
  public void close() {
    closed = true;
  }
}
