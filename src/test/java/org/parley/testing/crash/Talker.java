package org.parley.testing.crash;

import java.util.Random;
import org.parley.testing.crash.Publisher.Message;

/** Numbered messages of all sizes: the payload begins with the publisher, the number, the QoS. */
final class Talker implements Publisher.Source {
  private static final int TOPICS = 3;
  private static final int SMALL = 200;
  private static final int LARGE = 6_000;

  /** Each so-manieth message is large. */
  private static final int LARGE_ONES = 50;

  private final String name;
  private final int qos;
  private final Ledger ledger;
  private final Random random;
  private int last;

  /**
   * @param qos 1 or 2; 0 stands for both, at random
   */
  Talker(String name, int qos, Ledger ledger, Random random) {
    this.name = name;
    this.qos = qos;
    this.ledger = ledger;
    this.random = random;
  }

  @Override
  public Message next() {
    int number = ++last;
    int chosen = qos == 0 ? random.nextInt(1, 3) : qos;
    int filling = random.nextInt(random.nextInt(LARGE_ONES) == 0 ? LARGE : SMALL);
    return new Message(
        number,
        "crash/" + name + "/" + number % TOPICS,
        name + " " + number + " " + chosen + " " + "x".repeat(filling),
        chosen,
        false);
  }

  @Override
  public void acknowledged(Message message) {
    ledger.acknowledged(name, message.number());
  }
}
