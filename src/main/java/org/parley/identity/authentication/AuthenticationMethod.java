package org.parley.identity.authentication;

import java.util.Optional;

/** A way to prove a user name by messages back and forth (MQTT 5.0 section 4.12). */
public interface AuthenticationMethod {
  /** Returns the Authentication Method as it stands in CONNECT and AUTH. */
  String name();

  /** Begins for one client: at CONNECT, and anew at each re-authentication. */
  Exchange begin();

  /** One run of the method. One thread at a time uses it. */
  interface Exchange {
    /**
     * Takes what the client has sent.
     *
     * @param clientData the Authentication Data of CONNECT or AUTH, the caller's own; empty if
     *     there was none
     */
    Step step(Optional<byte[]> clientData);
  }

  /** What comes next. After {@link Authenticated} and {@link Failed} nothing does. */
  sealed interface Step {}

  /**
   * The client must answer.
   *
   * @param data the Authentication Data for AUTH
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over; nobody compares steps
  record Challenge(byte[] data) implements Step {}

  /**
   * The client is who it says.
   *
   * @param data the Authentication Data for CONNACK or AUTH, which may prove the server
   */
  record Authenticated(String userName, Optional<byte[]> data) implements Step {}

  /** It is not, or has not kept to the method; nobody is told which. */
  record Failed() implements Step {}
}
