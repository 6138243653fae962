package org.parley.edge.status;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the platform's beans say about the JVM, by the names of their attributes. */
final class JvmFigures {
  private JvmFigures() {}

  /** Returns attributes of {@code java.lang:type=Threading}. */
  static Map<String, Object> threads() {
    var bean = ManagementFactory.getThreadMXBean();
    var figures = new LinkedHashMap<String, Object>();
    figures.put("ThreadCount", bean.getThreadCount());
    figures.put("DaemonThreadCount", bean.getDaemonThreadCount());
    figures.put("PeakThreadCount", bean.getPeakThreadCount());
    figures.put("TotalStartedThreadCount", bean.getTotalStartedThreadCount());
    return figures;
  }

  /** Returns attributes of {@code java.lang:type=Memory}, in bytes. */
  static Map<String, Object> memory() {
    var bean = ManagementFactory.getMemoryMXBean();
    var figures = new LinkedHashMap<String, Object>();
    figures.put("HeapMemoryUsage", usage(bean.getHeapMemoryUsage()));
    figures.put("NonHeapMemoryUsage", usage(bean.getNonHeapMemoryUsage()));
    return figures;
  }

  /** A maximum that is not defined is -1, as the bean has it. */
  private static Map<String, Object> usage(MemoryUsage usage) {
    var figures = new LinkedHashMap<String, Object>();
    figures.put("init", usage.getInit());
    figures.put("used", usage.getUsed());
    figures.put("committed", usage.getCommitted());
    figures.put("max", usage.getMax());
    return figures;
  }
}
