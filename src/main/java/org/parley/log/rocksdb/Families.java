package org.parley.log.rocksdb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;

/** The handles of the open column families. */
final class Families {
  private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);

  /** In the order of {@link #descriptors}. */
  Families(List<ColumnFamilyHandle> opened) {
    var handle = opened.iterator();
    for (var family : Family.values()) {
      handles.put(family, handle.next());
    }
  }

  static List<ColumnFamilyDescriptor> descriptors(ColumnFamilyOptions options) {
    return new ArrayList<>(
        Arrays.stream(Family.values())
            .map(family -> new ColumnFamilyDescriptor(family.label(), options))
            .toList());
  }

  ColumnFamilyHandle of(Family family) {
    var handle = handles.get(family);
    if (handle == null) {
      throw new IllegalStateException("not open: " + family);
    }
    return handle;
  }

  List<ColumnFamilyHandle> all() {
    return List.copyOf(handles.values());
  }

  void close() {
    handles.values().forEach(ColumnFamilyHandle::close);
  }
}
