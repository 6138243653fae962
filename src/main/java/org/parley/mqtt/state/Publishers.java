package org.parley.mqtt.state;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The publishers of all retained messages: each is kept once, however many are its own. */
final class Publishers {
  private static final class Share {
    private final Owner publisher;
    private int messages;

    Share(Owner publisher) {
      this.publisher = publisher;
    }
  }

  private final Map<Owner, Share> shares = new HashMap<>();
  private long bytes;

  /** Returns about how many bytes all of them hold. */
  long bytes() {
    return bytes;
  }

  /** Returns by how many bytes that changes if one message takes the place of another. */
  long change(@Nullable RetainedMessage former, RetainedMessage next) {
    var gone = former == null ? Optional.<Owner>empty() : former.publisher();
    if (gone.equals(next.publisher())) {
      return 0;
    }
    var added = next.publisher().filter(one -> !shares.containsKey(one));
    var removed = gone.map(shares::get).filter(share -> share.messages == 1);
    return added.map(Owner::sizeBytes).orElse(0L)
        - removed.map(share -> share.publisher.sizeBytes()).orElse(0L);
  }

  /** Adds a message; returns it with the publisher that equal ones have. */
  RetainedMessage add(RetainedMessage retained) {
    if (retained.publisher().isEmpty()) {
      return retained;
    }
    var publisher = retained.publisher().get();
    var share = shares.computeIfAbsent(publisher, Share::new);
    if (share.messages++ == 0) {
      bytes += publisher.sizeBytes();
    }
    return new RetainedMessage(retained.message(), Optional.of(share.publisher));
  }

  /** Removes a message that was added. */
  void remove(RetainedMessage retained) {
    var share = retained.publisher().map(shares::get).orElse(null);
    if (share != null && --share.messages == 0) {
      shares.remove(share.publisher);
      bytes -= share.publisher.sizeBytes();
    }
  }
}
