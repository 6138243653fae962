package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.edge.settings.SettingException;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.identity.Revocations.Mode;
import org.parley.testing.TestCrls;
import org.parley.testing.TestPki;

class RevocationFileTest {
  private static final TestPki PKI = TestPki.shared();
  private static final TestCrls CRLS = PKI.crls();
  private static final X509Certificate CLIENT = PKI.client("client01").leaf();

  @TempDir private Path directory = Path.of("");
  private Path file = Path.of("");
  private Instant now = CRLS.now();
  private long modified = 1_000_000;
  private RevocationFile.Authorities authorities = PKI::authorities;

  @BeforeEach
  void writeGoodFile() throws IOException {
    file = directory.resolve("crl.pem");
    write(CRLS.empty());
  }

  /** Each writing is seen as a change, however fast. */
  private void write(String pem) throws IOException {
    Files.writeString(file, pem);
    modified += 10_000;
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }

  private RevocationFile opened(Mode mode) {
    return new RevocationFile(Optional.of(file), () -> authorities.read(), mode, () -> now);
  }

  @Test
  void givenNoFile_whenAsked_thenEverythingIsGood() {
    var none = new RevocationFile(Optional.empty(), PKI::authorities, Mode.HARD_FAIL, () -> now);

    assertThat(none.check(CLIENT)).isEqualTo(Answer.GOOD);
    assertThat(none.poll()).isFalse();
    assertThat(none.problem()).isEmpty();
  }

  @Test
  void givenFile_whenItDoesNotChange_thenNotReadAgain() {
    var revocations = opened(Mode.HARD_FAIL);

    assertThat(revocations.poll()).isFalse();
    assertThat(revocations.check(CLIENT)).isEqualTo(Answer.GOOD);
    assertThat(revocations.problem()).isEmpty();
  }

  @Test
  void givenT10FileReplaced_whenPolled_thenTheNewOneIsInForce() throws IOException {
    var revocations = opened(Mode.HARD_FAIL);
    write(CRLS.revoking(CLIENT));

    assertThat(revocations.poll()).isTrue();

    assertThat(revocations.check(CLIENT)).isEqualTo(Answer.REVOKED);
    assertThat(revocations.poll()).isFalse();
  }

  @Test
  void givenTrustStoreReplaced_whenPolled_thenTheSameFileIsJudgedAnew() {
    var version = new AtomicReference<>(FileVersion.NONE);
    authorities =
        new RevocationFile.Authorities() {
          @Override
          public List<X509Certificate> read() {
            return version.get().equals(FileVersion.NONE) ? PKI.authorities() : List.of();
          }

          @Override
          public FileVersion version() {
            return version.get();
          }
        };
    var revocations = new RevocationFile(Optional.of(file), authorities, Mode.HARD_FAIL, () -> now);
    assertThat(revocations.poll()).isFalse();

    version.set(new FileVersion(FileTime.fromMillis(1), 1, ""));

    assertThat(revocations.poll()).isFalse(); // no CRL of a stranger is taken
    assertThat(revocations.problem()).isPresent();
    version.set(FileVersion.NONE);
    assertThat(revocations.poll()).isTrue();
    assertThat(revocations.problem()).isEmpty();
  }

  @Test
  void givenT12GarbageLater_whenPolled_thenTheFormerStaysAndTheProblemIsTold() throws IOException {
    write(CRLS.revoking(CLIENT));
    var revocations = opened(Mode.HARD_FAIL);
    write(CRLS.garbage());

    assertThat(revocations.poll()).isFalse();

    assertThat(revocations.check(CLIENT)).isEqualTo(Answer.REVOKED);
    assertThat(revocations.problem()).isPresent();
  }

  @Test
  void givenProblem_whenAGoodFileComes_thenItIsOver() throws IOException {
    var revocations = opened(Mode.HARD_FAIL);
    write(CRLS.otherIssuer());
    revocations.poll();
    write(CRLS.revoking(CLIENT));

    assertThat(revocations.poll()).isTrue();

    assertThat(revocations.problem()).isEmpty();
    assertThat(revocations.check(CLIENT)).isEqualTo(Answer.REVOKED);
  }

  @Test
  void givenFileThatVanishes_whenItComesBackUnchanged_thenReadAgain() throws IOException {
    write(CRLS.revoking(CLIENT));
    var revocations = opened(Mode.HARD_FAIL);
    var away = directory.resolve("away");
    Files.move(file, away);

    assertThat(revocations.poll()).isFalse();
    assertThat(revocations.problem()).contains("the file cannot be read");
    assertThat(revocations.check(CLIENT)).isEqualTo(Answer.REVOKED);
    Files.move(away, file);

    assertThat(revocations.poll()).isTrue();
    assertThat(revocations.problem()).isEmpty();
  }

  @Test
  void givenTrustStoreThatCannotBeReadForAWhile_whenTheFileChanged_thenToldAndReadLater()
      throws IOException {
    var revocations = opened(Mode.HARD_FAIL);
    authorities =
        () -> {
          throw new SettingException("parley.truststore cannot be used");
        };
    write(CRLS.revoking(CLIENT));

    assertThat(revocations.poll()).isFalse();
    assertThat(revocations.problem()).contains("parley.truststore cannot be used");
    authorities = PKI::authorities;

    assertThat(revocations.poll()).isTrue();
    assertThat(revocations.check(CLIENT)).isEqualTo(Answer.REVOKED);
  }

  @Test
  void givenT11StaleCrl_whenHardFail_thenUndecidableAndAProblem() {
    var revocations = opened(Mode.HARD_FAIL);
    now = now.plus(Duration.ofDays(2));

    assertThat(revocations.check(CLIENT)).isEqualTo(Answer.UNDECIDABLE);
    assertThat(revocations.problem()).contains("a CRL is stale");
  }

  @Test
  void givenStaleCrl_whenSoftFail_thenGoodAndNoProblem() {
    var revocations = opened(Mode.SOFT_FAIL);
    now = now.plus(Duration.ofDays(2));

    assertThat(revocations.check(CLIENT)).isEqualTo(Answer.GOOD);
    assertThat(revocations.problem()).isEmpty();
  }

  @Test
  void givenNoCrlOfTheIssuer_whenHardFail_thenUndecidable() throws IOException {
    write(CRLS.ofRootOnly());

    assertThat(opened(Mode.HARD_FAIL).check(CLIENT)).isEqualTo(Answer.UNDECIDABLE);
  }

  @Test
  void givenBadFileAtTheStart_whenRead_thenOneLineWithTheSetting() throws IOException {
    write(CRLS.garbage());

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> opened(Mode.HARD_FAIL))
        .withMessageStartingWith("parley.crl (PARLEY_CRL) cannot be used: ");
  }

  @Test
  void givenMissingFileAtTheStart_whenRead_thenOneLineWithTheSetting() throws IOException {
    Files.delete(file);

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> opened(Mode.HARD_FAIL))
        .withMessage("parley.crl (PARLEY_CRL) cannot be used: the file cannot be read.");
  }
}
