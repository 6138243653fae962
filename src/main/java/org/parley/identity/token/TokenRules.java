package org.parley.identity.token;

import java.time.Duration;
import java.util.Optional;

/**
 * What a token must say.
 *
 * @param issuer the whole {@code iss}
 * @param audience one of {@code aud}, whole
 * @param identityClaim the claim that says whom it was issued to, such as {@code sub}
 * @param sharedName a user name that CONNECT may have beside that one
 * @param clockSkew how far the issuer's clock may be from ours
 * @param maxBytes of a token at the most
 */
public record TokenRules(
    String issuer,
    String audience,
    String identityClaim,
    Optional<String> sharedName,
    Duration clockSkew,
    int maxBytes) {}
