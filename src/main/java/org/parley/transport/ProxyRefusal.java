package org.parley.transport;

/** Why a connection from a listed proxy is closed before it is a wire. */
public enum ProxyRefusal {
  NO_HEADER("no PROXY header"),
  VERSION_1("PROXY header of version 1"),
  VERSION("PROXY header of an unknown version"),
  COMMAND("PROXY header with an unknown command"),
  FAMILY("PROXY header for something else than TCP over IPv4 or IPv6"),
  LENGTH("PROXY header too long, or too short for its addresses"),
  TLV("PROXY header with a broken TLV"),
  CHECKSUM("PROXY header with a wrong checksum"),
  SOURCE("PROXY header with a source that no connection over a network has"),
  INCOMPLETE("closed within the PROXY header"),
  TIMEOUT("PROXY header not whole in time");

  private final String detail;

  ProxyRefusal(String detail) {
    this.detail = detail;
  }

  /** Returns a fixed text for the log. */
  public String detail() {
    return detail;
  }
}
