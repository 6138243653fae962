package org.parley.identity.authentication;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The messages of a SCRAM client (RFC 5802 section 7), read strictly. */
final class ScramMessages {
  private ScramMessages() {}

  /**
   * client-first-message.
   *
   * @param header the GS2 header, to its second comma
   * @param bare what follows the header
   */
  record First(String header, String bare, String userName, String nonce) {
    /** Takes {@code n} and {@code y}: we offer no channel binding, and {@code p} asks for one. */
    static Optional<First> parse(String text) {
      int comma = text.indexOf(',');
      int end = text.indexOf(',', comma + 1);
      if (comma != 1 || end < 0 || (text.charAt(0) != 'n' && text.charAt(0) != 'y')) {
        return Optional.empty();
      }
      var bare = text.substring(end + 1);
      var fields = bare.split(",", -1);
      if (fields.length < 2 || !fields[0].startsWith("n=") || !fields[1].startsWith("r=")) {
        return Optional.empty(); // "m=" before the name, too: extensions that must be understood
      }
      var name = name(fields[0].substring(2));
      var nonce = fields[1].substring(2);
      var authzid = text.substring(2, end);
      boolean itself =
          authzid.isEmpty()
              || (authzid.startsWith("a=") && name(authzid.substring(2)).equals(name));
      return name.filter(_ -> itself && isNonce(nonce))
          .map(user -> new First(text.substring(0, end + 1), bare, user, nonce));
    }

    private static boolean isNonce(String text) {
      return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** A comma is written {@code =2C}, an equals sign {@code =3D}, and nothing else so. */
    private static Optional<String> name(String text) {
      var name = text.replace("=2C", ",").replace("=3D", "=");
      boolean wellFormed = !text.replace("=2C", " ").replace("=3D", " ").contains("=");
      return name.isEmpty() || !wellFormed ? Optional.empty() : Optional.of(name);
    }
  }

  /**
   * client-final-message.
   *
   * @param channelBinding what {@code c} says, decoded: it must be the GS2 header
   * @param withoutProof what stands before the proof
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over; nobody compares messages
  record Final(String channelBinding, String nonce, String withoutProof, byte[] proof) {
    private static final String PROOF = ",p=";

    static Optional<Final> parse(String text) {
      int end = text.lastIndexOf(PROOF);
      if (end < 0) {
        return Optional.empty();
      }
      var withoutProof = text.substring(0, end);
      var fields = withoutProof.split(",", -1);
      if (fields.length < 2 || !fields[0].startsWith("c=") || !fields[1].startsWith("r=")) {
        return Optional.empty();
      }
      var binding = base64(fields[0].substring(2));
      var proof = base64(text.substring(end + PROOF.length()));
      return binding.isPresent() && proof.isPresent()
          ? Optional.of(
              new Final(
                  new String(binding.get(), StandardCharsets.UTF_8),
                  fields[1].substring(2),
                  withoutProof,
                  proof.get()))
          : Optional.empty();
    }

    private static Optional<byte[]> base64(String text) {
      return PasswordHash.bytes(text, 1, ScramSha256.MAX_MESSAGE);
    }
  }
}
