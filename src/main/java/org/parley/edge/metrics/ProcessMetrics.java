package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.parley.core.Lifecycle;

/** The metrics of the process, by the names that the Prometheus clients for Java use. */
public final class ProcessMetrics {
  private static final double NANOS_A_SECOND = 1e9;
  private static final double MILLIS_A_SECOND = 1e3;

  private ProcessMetrics() {}

  /** Returns them, in the order of the reference. */
  public static List<Metric> of(String version, Lifecycle lifecycle) {
    var memory = ManagementFactory.getMemoryMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    return List.of(
        gauge(
            "parley_info",
            List.of("version"),
            "Always 1; the version of Parley.",
            sink -> sink.value(1, version)),
        gauge(
            "parley_running",
            "1 while peers are let in; 0 while the broker starts, drains or has stopped.",
            () -> lifecycle.running() ? 1 : 0),
        gauge(
            "process_start_time_seconds",
            "When the process has started, seconds of the epoch.",
            () -> ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_A_SECOND),
        counter("process_cpu_seconds_total", "Processor time.", ProcessMetrics::cpuSeconds),
        gauge("process_open_fds", "File descriptors in use.", () -> descriptors(false)),
        gauge("process_max_fds", "File descriptors that may be in use.", () -> descriptors(true)),
        gauge(
            "jvm_memory_used_bytes",
            List.of("area"),
            "Memory in use.",
            sink -> {
              sink.value(memory.getHeapMemoryUsage().getUsed(), "heap");
              sink.value(memory.getNonHeapMemoryUsage().getUsed(), "nonheap");
            }),
        gauge(
            "jvm_memory_max_bytes",
            List.of("area"),
            "Memory that may be in use; -1: no limit is known.",
            sink -> {
              sink.value(memory.getHeapMemoryUsage().getMax(), "heap");
              sink.value(memory.getNonHeapMemoryUsage().getMax(), "nonheap");
            }),
        counter(
            "jvm_gc_collections_total",
            List.of("gc"),
            "Garbage collections.",
            sink ->
                ManagementFactory.getGarbageCollectorMXBeans()
                    .forEach(gc -> sink.value(gc.getCollectionCount(), gc.getName()))),
        counter(
            "jvm_gc_seconds_total",
            List.of("gc"),
            "Time of garbage collections.",
            sink ->
                ManagementFactory.getGarbageCollectorMXBeans()
                    .forEach(
                        gc -> sink.value(gc.getCollectionTime() / MILLIS_A_SECOND, gc.getName()))),
        gauge("jvm_threads_current", "Platform threads.", threads::getThreadCount),
        gauge(
            "jvm_classes_currently_loaded",
            "Classes that are loaded.",
            () -> ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()));
  }

  private static double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime() / NANOS_A_SECOND
        : Double.NaN;
  }

  private static double descriptors(boolean limit) {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? limit ? unix.getMaxFileDescriptorCount() : unix.getOpenFileDescriptorCount()
        : Double.NaN;
  }
}
