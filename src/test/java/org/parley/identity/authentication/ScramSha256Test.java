package org.parley.identity.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.identity.authentication.AuthenticationMethod.Authenticated;
import org.parley.identity.authentication.AuthenticationMethod.Challenge;
import org.parley.identity.authentication.AuthenticationMethod.Exchange;
import org.parley.identity.authentication.AuthenticationMethod.Failed;
import org.parley.identity.authentication.AuthenticationMethod.Step;

class ScramSha256Test {
  /** RFC 7677 section 3. */
  private static final String FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";

  private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String SERVER_FIRST =
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  private static final String FINAL =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

  private static final Users USERS = SampleUsers.of(SampleUsers.USER, SampleUsers.BOB);

  private final Exchange exchange = begin(USERS);

  private static Exchange begin(Users users) {
    return new ScramSha256(() -> users, SampleUsers.decoys(), () -> SERVER_NONCE).begin();
  }

  private static Step say(Exchange exchange, String message) {
    return exchange.step(Optional.of(message.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(byte[] data) {
    return new String(data, StandardCharsets.UTF_8);
  }

  private static String challenge(Step step) {
    assertThat(step).isInstanceOf(Challenge.class);
    return text(((Challenge) step).data());
  }

  /** What a client says last that knows the password "pencil" and the salt of the example. */
  private static String finalMessage(String header, String bare, String serverFirst) {
    var nonce = serverFirst.substring(2, serverFirst.indexOf(','));
    var withoutProof = "c=" + base64(header.getBytes(StandardCharsets.UTF_8)) + ",r=" + nonce;
    var salted =
        Hmac.SHA_256.stretch(
            "pencil".getBytes(StandardCharsets.UTF_8),
            Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="),
            4096);
    var clientKey = Hmac.SHA_256.of(salted, "Client Key".getBytes(StandardCharsets.UTF_8));
    var proof =
        Hmac.SHA_256.of(
            Hmac.sha256(clientKey),
            String.join(",", bare, serverFirst, withoutProof).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    return withoutProof + ",p=" + base64(proof);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void givenTheExampleOfTheStandard_whenSaid_thenAnsweredWordByWord() {
    assertThat(challenge(say(exchange, FIRST))).isEqualTo(SERVER_FIRST);

    var last = say(exchange, FINAL);

    assertThat(last).isInstanceOf(Authenticated.class);
    var authenticated = (Authenticated) last;
    assertThat(authenticated.userName()).isEqualTo("user");
    assertThat(authenticated.data().map(ScramSha256Test::text)).contains(SERVER_FINAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n,,", "y,,", "n,a=user,", "y,a=user,"})
  void givenHeaderWithoutChannelBinding_whenRepeatedInTheEnd_thenAuthenticated(String header) {
    var bare = "n=user,r=abc";
    var serverFirst = challenge(say(exchange, header + bare));

    assertThat(say(exchange, finalMessage(header, bare, serverFirst)))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void givenExtensions_whenTheyMayBePassedOver_thenAuthenticated() {
    var bare = "n=user,r=abc,x=new";
    var serverFirst = challenge(say(exchange, "n,," + bare));

    assertThat(say(exchange, finalMessage("n,,", bare, serverFirst)))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void givenOtherHeaderInTheEnd_whenSaid_thenFailed() {
    var serverFirst = challenge(say(exchange, "y,,n=user,r=abc"));

    assertThat(say(exchange, finalMessage("n,,", "n=user,r=abc", serverFirst)))
        .isInstanceOf(Failed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n",
        "n,,",
        "n,,r=abc,n=user",
        "n,,n=user",
        "n,,n=,r=abc",
        "n,,n=user,r=",
        "n,,n=user,r=a b",
        "n,,n=user,r=a\u00E4",
        "n,,n=us=er,r=abc",
        "n,,n=us=3=2CD,r=abc",
        "n,,m=x,n=user,r=abc",
        "n,a=other,n=user,r=abc",
        "n,a=,n=user,r=abc",
        "n,x=user,n=user,r=abc",
        "p=tls-unique,,n=user,r=abc",
        "x,,n=user,r=abc",
        ",,n=user,r=abc",
        "N,,n=user,r=abc",
        "n,n=user,r=abc"
      })
  void givenBadFirstMessage_whenSaid_thenFailedAndOver(String message) {
    assertThat(say(exchange, message)).isInstanceOf(Failed.class);
    assertThat(say(exchange, FIRST)).isInstanceOf(Failed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c=biws,r=%s",
        "c=biws,p=AAAA",
        "r=%s,c=biws,p=AAAA",
        "c=biws,r=%s,p=",
        "c=biws,r=%s,p=!",
        "c=biws,r=%s,p=AAAA",
        "c=!,r=%s,p=AAAA",
        "c=eSws,r=%s,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=%sx,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=%s,p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=%s,x=y,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
      })
  void givenBadFinalMessage_whenSaid_thenFailedAndOver(String message) {
    say(exchange, FIRST);

    assertThat(say(exchange, message.replace("%s", "rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE)))
        .isInstanceOf(Failed.class);
    assertThat(say(exchange, FINAL)).as("a second try").isInstanceOf(Failed.class);
  }

  @Test
  void givenNoDataOrNoUtf8OrTooMuch_whenSaid_thenFailed() {
    assertThat(begin(USERS).step(Optional.empty())).isInstanceOf(Failed.class);
    assertThat(begin(USERS).step(Optional.of(new byte[] {'n', ',', ',', (byte) 0xFF})))
        .isInstanceOf(Failed.class);
    var longest = "n,,n=user,r=" + "a".repeat(ScramSha256.MAX_MESSAGE - 12);
    assertThat(say(begin(USERS), longest)).isInstanceOf(Challenge.class);
    assertThat(say(begin(USERS), longest + "a")).isInstanceOf(Failed.class);
  }

  @Test
  void givenSuccess_whenMoreIsSaid_thenFailed() {
    say(exchange, FIRST);
    say(exchange, FINAL);

    assertThat(say(exchange, FINAL)).isInstanceOf(Failed.class);
  }

  @Test
  void givenNameWithCommaAndEqualsSign_whenEscaped_thenItIsThatUser() {
    var odd = "a,b=c" + SampleUsers.USER.substring(4);
    var users = SampleUsers.of(odd);
    var run = begin(users);
    var bare = "n=a=2Cb=3Dc,r=abc";
    var serverFirst = challenge(say(run, "n,," + bare));

    assertThat(((Authenticated) say(run, finalMessage("n,,", bare, serverFirst))).userName())
        .isEqualTo("a,b=c");
  }

  /** A user with another kind of hash cannot use the method, and is not told apart either. */
  @ParameterizedTest
  @ValueSource(strings = {"nobody", "bob"})
  void givenNoSuchUser_whenSaid_thenChallengedAsOthersEachTimeAlike(String name) {
    var first = "n,,n=" + name + ",r=abc";
    var serverFirst = challenge(say(exchange, first));

    assertThat(serverFirst).matches("r=abc\\Q" + SERVER_NONCE + "\\E,s=[A-Za-z0-9+/]{22}==,i=4096");
    assertThat(challenge(say(begin(USERS), first))).isEqualTo(serverFirst);
    assertThat(challenge(say(begin(USERS), "n,,n=another,r=abc"))).isNotEqualTo(serverFirst);
    assertThat(say(exchange, finalMessage("n,,", "n=" + name + ",r=abc", serverFirst)))
        .isInstanceOf(Failed.class);
  }

  @Test
  void givenNoUserWithKeys_whenSaid_thenChallengedAllTheSame() {
    assertThat(challenge(say(begin(Users.NONE), FIRST))).endsWith(",i=4096");
  }

  @Test
  void givenUsersWithLongSalts_whenAnUnknownOneComes_thenItsSaltIsAsLong() {
    var keys = ScramKeys.of(new byte[] {1}, new byte[64], 5000);
    var users = SampleUsers.of("u:" + keys.text());

    assertThat(challenge(say(begin(users), "n,,n=x,r=y")))
        .matches(".*,s=[A-Za-z0-9+/]{86}==,i=5000");
  }

  @Test
  void givenSecureRandom_whenTwoBegin_thenNoNonceTwice() {
    var method = new ScramSha256(() -> USERS, SampleUsers.decoys(), new SecureRandom());

    assertThat(method.name()).isEqualTo("SCRAM-SHA-256");
    assertThat(challenge(say(method.begin(), FIRST)))
        .isNotEqualTo(challenge(say(method.begin(), FIRST)))
        .matches("r=rOprNGfwEbeRWgbNEkqO[A-Za-z0-9+/]{24},s=.*");
  }

  @Test
  void givenMethods_whenLookedFor_thenByTheirNameExactly() {
    var method = new ScramSha256(() -> USERS, SampleUsers.decoys(), new SecureRandom());
    var methods = new AuthenticationMethods(List.of(method));

    assertThat(methods.find("SCRAM-SHA-256")).containsSame(method);
    assertThat(methods.find("scram-sha-256")).isEmpty();
    assertThat(AuthenticationMethods.NONE.find("SCRAM-SHA-256")).isEmpty();
  }
}
