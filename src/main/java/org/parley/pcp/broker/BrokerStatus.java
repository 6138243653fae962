package org.parley.pcp.broker;

import org.parley.core.Lifecycle;

/** How the broker is, in the words of the reference broker's status (section 2.8). */
public final class BrokerStatus {
  private final Lifecycle lifecycle;
  private final ControllerAvailability controllers;

  public BrokerStatus(Lifecycle lifecycle, ControllerAvailability controllers) {
    this.lifecycle = lifecycle;
    this.controllers = controllers;
  }

  /** Returns the state at this moment. */
  public ServiceState state() {
    return switch (lifecycle.state()) {
      case STARTING -> ServiceState.STARTING;
      case RUNNING ->
          switch (controllers.state()) {
            case UNNEEDED, PRESENT -> ServiceState.RUNNING;
            case AWAITED -> ServiceState.STARTING;
            case MISSING, GONE -> ServiceState.ERROR;
          };
      case DRAINING, STOPPED -> ServiceState.STOPPING;
    };
  }
}
