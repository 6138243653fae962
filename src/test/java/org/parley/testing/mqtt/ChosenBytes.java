package org.parley.testing.mqtt;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A fuzzer's bytes as chance; zeros when they are used up. */
public final class ChosenBytes implements RandomGenerator {
  private final byte[] bytes;
  private int at;

  public ChosenBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  public boolean isUsedUp() {
    return at >= bytes.length;
  }

  /** Returns the next byte, 0 to 255. */
  public int octet() {
    return at < bytes.length ? bytes[at++] & 0xFF : 0;
  }

  /** Returns one of the values, by one byte. */
  public int pick(int... values) {
    return values[octet() % values.length];
  }

  /** Returns one of the texts, by one byte. */
  public String pick(String... texts) {
    return texts[octet() % texts.length];
  }

  /** Returns the next bytes as they are; fewer, if there are fewer. */
  public byte[] next(int most) {
    int from = at;
    at = Math.min(bytes.length, at + most);
    return Arrays.copyOfRange(bytes, from, at);
  }

  @Override
  public boolean nextBoolean() {
    return (octet() & 1) != 0;
  }

  @Override
  public int nextInt(int bound) {
    int value = octet();
    if (bound > 256) {
      value = ((((value << 8) | octet()) << 8) | octet()) << 4;
    }
    return value % bound;
  }

  @Override
  public long nextLong() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << 8) | octet();
    }
    return value;
  }
}
