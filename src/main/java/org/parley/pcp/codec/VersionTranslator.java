package org.parley.pcp.codec;

import java.util.Optional;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.Octets;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;

/** Carries messages from one version over to the other (section 1.8). */
public final class VersionTranslator {
  private final int maximumDepth;

  public VersionTranslator(int maximumDepth) {
    this.maximumDepth = StrictJsonReader.requireDepthLimit(maximumDepth);
  }

  /** Translates to version 2, for one of the targets. */
  public Translated<V2Message> toV2(V1Message message, PcpUri target) {
    return new Translated.Inexpressible<>("not yet " + message + target + maximumDepth);
  }

  /** Translates to version 1. */
  public Translated<V1Message> toV1(V2Message message) {
    return new Translated.Inexpressible<>("not yet " + message);
  }

  /** Returns the JSON value that a data chunk is, or empty if it is none or not valid. */
  public Optional<JsonText> json(Octets chunk) {
    return chunk.size() == maximumDepth ? Optional.empty() : Optional.of(JsonText.NULL);
  }
}
