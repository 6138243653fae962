package org.parley.policy;

import org.parley.identity.PeerPrincipal;

/**
 * Who asks: a peer, and what it asks by.
 *
 * @param protocol the label of what it speaks, such as {@code pcp-v2}
 * @param clientType of its session
 * @param remoteAddress its IP address as text
 */
public record Subject(
    PeerPrincipal principal, String protocol, String clientType, String remoteAddress) {}
