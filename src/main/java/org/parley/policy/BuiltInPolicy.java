package org.parley.policy;

import java.util.List;
import java.util.Locale;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;

/**
 * The policy in force when no policy file is given:
 *
 * <ul>
 *   <li>nobody associates as {@code server}, in any spelling of case;
 *   <li>a peer associates as {@code controller} if its common name is among the controllers;
 *   <li>a peer associates as any other client_type;
 *   <li>only a controller queries the inventory;
 *   <li>only a controller sends requests of the PXP family: a client that holds a certificate must
 *       not be able to run things on the others;
 *   <li>any other message goes through.
 * </ul>
 */
public final class BuiltInPolicy implements Policy {
  private static final String CONTROLLER = "controller";
  private static final String SERVER = "server";
  private static final Glob PXP_REQUEST = Glob.of("http://puppetlabs.com/rpc_*request");

  private final List<Glob> controllers;

  /**
   * @param controllers common names of the peers that may be controllers; {@code *} stands for any
   *     run of characters
   */
  public BuiltInPolicy(List<String> controllers) {
    this.controllers = controllers.stream().map(Glob::of).toList();
  }

  @Override
  public Decision decide(Action action) {
    return switch (action) {
      case Action.Associate associate -> associate(associate);
      case Action.Send send -> send(send);
      case Action.QueryInventory query ->
          query.subject().clientType().equals(CONTROLLER)
              ? new Allowed("inventory-for-controllers")
              : new Denied("inventory-for-controllers");
    };
  }

  private Decision associate(Action.Associate action) {
    if (action.subject().clientType().toLowerCase(Locale.ROOT).equals(SERVER)) {
      return new Denied("server-is-reserved");
    }
    if (action.subject().clientType().equals(CONTROLLER)
        && !Glob.any(controllers, action.subject().principal().commonName())) {
      return new Denied("controllers-are-named");
    }
    return new Allowed("associate");
  }

  private static Decision send(Action.Send action) {
    if (!action.subject().clientType().equals(CONTROLLER)
        && PXP_REQUEST.matches(action.messageType())) {
      return new Denied("requests-from-controllers");
    }
    return new Allowed("send");
  }
}
