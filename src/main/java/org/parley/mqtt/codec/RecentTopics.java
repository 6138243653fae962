package org.parley.mqtt.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.TopicName;

/**
 * A few Topic Names that this connection has published to: one that comes again needs no new text.
 * What a name of the same slot pushes out is forgotten. Bounded by {@link #SLOTS} names of {@link
 * #LONGEST} bytes.
 */
final class RecentTopics {
  /** In names; a power of two. */
  static final int SLOTS = 16;

  /** In bytes of a name that is remembered. */
  static final int LONGEST = 128;

  private TopicName @Nullable [] slots;

  /** Returns the name of these bytes, if it is remembered. */
  @Nullable TopicName find(ByteBuffer bytes, int offset, int length) {
    if (slots == null || length == 0 || length > LONGEST) {
      return null;
    }
    var name = slots[slot(bytes, offset, length)];
    return name.isEncodedAs(bytes, offset, length) ? name : null;
  }

  /** Remembers a name that begins at {@code offset}. */
  void remember(TopicName name, ByteBuffer bytes, int offset) {
    int length = name.encodedLength();
    if (length == 0 || length > LONGEST) {
      return;
    }
    if (slots == null) {
      slots = new TopicName[SLOTS];
      Arrays.fill(slots, TopicName.EMPTY);
    }
    slots[slot(bytes, offset, length)] = name;
  }

  /** The end of a name differs most: {@code site/3/meter/17/state} and its neighbours. */
  private static int slot(ByteBuffer bytes, int offset, int length) {
    int last = bytes.get(offset + length - 1);
    int middle = bytes.get(offset + length / 2);
    int hash = (last * 31 + middle) * 31 + length;
    return (hash ^ (hash >>> 4)) & (SLOTS - 1);
  }
}
