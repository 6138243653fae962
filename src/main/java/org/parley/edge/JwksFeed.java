package org.parley.edge;

/** Where {@link JwksKeys} come from. One thread at a time calls {@link #tick}. */
interface JwksFeed {
  /** There is nowhere. */
  JwksFeed NONE =
      new JwksFeed() {
        @Override
        public void tick() {}
      };

  /** Looks whether there are newer ones; does not wait. */
  void tick();

  /** A token names a key that is not there; any thread may call. */
  default void missed() {}

  /** Looks no more. */
  default void stop() {}
}
