package org.parley.mqtt.packet;

/** PUBACK, PUBREC, PUBREL and PUBCOMP: they have one form, MQTT 5.0 sections 3.4 to 3.7. */
public sealed interface Acknowledgement extends Packet {
  /** Returns the identifier of the PUBLISH, 1 to 65535. */
  int packetId();

  ReasonCode reason();

  ProblemInformation problem();

  /** PUBACK. */
  record Puback(int packetId, ReasonCode reason, ProblemInformation problem)
      implements Acknowledgement {
    public Puback(int packetId, ReasonCode reason) {
      this(packetId, reason, ProblemInformation.NONE);
    }

    @Override
    public PacketType type() {
      return PacketType.PUBACK;
    }
  }

  /** PUBREC. */
  record Pubrec(int packetId, ReasonCode reason, ProblemInformation problem)
      implements Acknowledgement {
    public Pubrec(int packetId, ReasonCode reason) {
      this(packetId, reason, ProblemInformation.NONE);
    }

    @Override
    public PacketType type() {
      return PacketType.PUBREC;
    }
  }

  /** PUBREL. */
  record Pubrel(int packetId, ReasonCode reason, ProblemInformation problem)
      implements Acknowledgement {
    public Pubrel(int packetId, ReasonCode reason) {
      this(packetId, reason, ProblemInformation.NONE);
    }

    @Override
    public PacketType type() {
      return PacketType.PUBREL;
    }
  }

  /** PUBCOMP. */
  record Pubcomp(int packetId, ReasonCode reason, ProblemInformation problem)
      implements Acknowledgement {
    public Pubcomp(int packetId, ReasonCode reason) {
      this(packetId, reason, ProblemInformation.NONE);
    }

    @Override
    public PacketType type() {
      return PacketType.PUBCOMP;
    }
  }
}
