package org.parley.edge.controller;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.parley.core.CloseReason;
import org.parley.pcp.broker.ControllerAddress;
import org.parley.pcp.broker.Controllers;

/** The links to all controllers of the settings. */
public final class ControllerLinks {
  private final List<ControllerAddress> addresses;
  private final Controllers controllers;
  private final LinkTls tls;
  private final Predicate<X509Certificate> acceptable;
  private final LinkLimits limits;
  private volatile List<ControllerLink> links = List.of();

  /**
   * @param acceptable whether a controller's certificate is known not to be revoked
   */
  public ControllerLinks(
      List<ControllerAddress> addresses,
      Controllers controllers,
      LinkTls tls,
      Predicate<X509Certificate> acceptable,
      LinkLimits limits) {
    this.addresses = List.copyOf(addresses);
    this.controllers = controllers;
    this.tls = tls;
    this.acceptable = acceptable;
    this.limits = limits;
  }

  /** Dials every controller for the first time. */
  public void start(Scheduler scheduler) {
    var dialler = new HttpDialler(tls, limits, scheduler);
    links =
        addresses.stream()
            .map(
                address ->
                    new ControllerLink(
                        address,
                        controllers,
                        dialler,
                        acceptable,
                        limits,
                        new BackOff(new Random()),
                        scheduler))
            .toList();
    links.forEach(ControllerLink::dial);
  }

  /** Looks at every link once. A timer calls it. */
  public void tick() {
    links.forEach(ControllerLink::tick);
  }

  /** Closes the links whose controllers have such a certificate; they are dialled again. */
  public void closeIf(Predicate<X509Certificate> which, CloseReason reason) {
    links.forEach(link -> link.closeIf(which, reason));
  }

  /** Tells every controller goodbye, and ends all links for good. Blocks until they are gone. */
  public void stop(Duration limit) {
    links.forEach(ControllerLink::stop);
    links.forEach(link -> link.awaitEnd(limit));
  }

  /** Returns the state of each link, in the order of the setting. */
  public List<String> states() {
    return links.stream().map(link -> link.state().label()).toList();
  }
}
