package org.parley.identity.authentication;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding: the client begins, with CONNECT; the
 * Authentication Data are the messages of SCRAM. The password never crosses the wire, and the
 * server proves in its last message that it knows the user's keys.
 */
public final class ScramSha256 implements AuthenticationMethod {
  /** Bytes of one message of the client at the most. */
  static final int MAX_MESSAGE = 1024;

  private static final int NONCE_BYTES = 18;

  private final Supplier<Users> users;
  private final Decoys decoys;
  private final Supplier<String> nonces;

  /**
   * @param users those in force at the moment; those without keys for SCRAM are as good as none
   */
  public ScramSha256(Supplier<Users> users, Decoys decoys, SecureRandom random) {
    this(users, decoys, () -> nonce(random));
  }

  ScramSha256(Supplier<Users> users, Decoys decoys, Supplier<String> nonces) {
    this.users = users;
    this.decoys = decoys;
    this.nonces = nonces;
  }

  /** Base64 has no comma, which would end it. */
  private static String nonce(SecureRandom random) {
    var bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String name() {
    return "SCRAM-SHA-256";
  }

  @Override
  public Exchange begin() {
    return new Run();
  }

  /** One exchange: first message, challenge, final message. */
  private final class Run implements Exchange {
    private Optional<Challenged> challenged = Optional.empty();
    private boolean over;

    @Override
    public Step step(Optional<byte[]> clientData) {
      var message = over ? Optional.<String>empty() : clientData.flatMap(ScramSha256::text);
      var step =
          challenged.isPresent()
              ? message.flatMap(challenged.get()::proved)
              : message.flatMap(ScramMessages.First::parse).map(this::challenge);
      over = step.isEmpty() || step.get() instanceof Authenticated;
      return step.orElseGet(Failed::new);
    }

    private Step challenge(ScramMessages.First first) {
      var known = users.get();
      var keys =
          known
              .find(first.userName())
              .filter(ScramKeys.class::isInstance)
              .map(ScramKeys.class::cast);
      var decoy = decoys.scramKeys(known, first.userName()); // made for all: it takes time
      var used = keys.orElse(decoy);
      var nonce = first.nonce() + nonces.get();
      var text = "r=" + nonce + ",s=" + used.saltText() + ",i=" + used.iterations();
      challenged = Optional.of(new Challenged(first, used, keys.isPresent(), nonce, text));
      return new Challenge(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * What has been said so far.
   *
   * @param real whether the keys are a user's
   * @param text the server's message
   */
  private record Challenged(
      ScramMessages.First first, ScramKeys keys, boolean real, String nonce, String text) {

    Optional<Step> proved(String message) {
      return ScramMessages.Final.parse(message).flatMap(this::proved);
    }

    private Optional<Step> proved(ScramMessages.Final last) {
      if (!last.channelBinding().equals(first.header()) || !last.nonce().equals(nonce)) {
        return Optional.empty();
      }
      var authMessage =
          String.join(",", first.bare(), text, last.withoutProof())
              .getBytes(StandardCharsets.UTF_8);
      boolean proved = keys.isProof(last.proof(), authMessage);
      if (!proved || !real) {
        return Optional.empty();
      }
      var verifier = "v=" + Base64.getEncoder().encodeToString(keys.serverSignature(authMessage));
      return Optional.of(
          new Authenticated(
              first.userName(), Optional.of(verifier.getBytes(StandardCharsets.US_ASCII))));
    }
  }

  private static Optional<String> text(byte[] bytes) {
    if (bytes.length > MAX_MESSAGE) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
