package org.parley.identity.authentication;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The Authentication Methods that are offered. */
public final class AuthenticationMethods {
  /** None: whoever names a method is refused. */
  public static final AuthenticationMethods NONE = new AuthenticationMethods(List.of());

  private final Map<String, AuthenticationMethod> methods;

  /**
   * @param methods no name twice
   */
  public AuthenticationMethods(List<AuthenticationMethod> methods) {
    this.methods =
        methods.stream()
            .collect(Collectors.toUnmodifiableMap(AuthenticationMethod::name, Function.identity()));
  }

  /** Returns the method of this name, upper and lower case being different. */
  public Optional<AuthenticationMethod> find(String name) {
    return Optional.ofNullable(methods.get(name));
  }
}
