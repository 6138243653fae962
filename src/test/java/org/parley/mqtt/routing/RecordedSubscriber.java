package org.parley.mqtt.routing;

/** A subscriber that is as it is told to be. */
final class RecordedSubscriber implements Subscriber {
  private final String clientId;
  boolean online = true;
  boolean room = true;

  RecordedSubscriber(String clientId) {
    this.clientId = clientId;
  }

  @Override
  public String clientId() {
    return clientId;
  }

  @Override
  public boolean online() {
    return online;
  }

  @Override
  public boolean hasRoom() {
    return online && room;
  }

  @Override
  public String toString() {
    return clientId;
  }
}
