package org.parley.edge;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.Settings;
import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.policy.Policy;
import org.parley.policy.RulePolicy;
import org.parley.policy.Subject;
import org.parley.policy.TopicDecisions;
import org.parley.policy.file.PolicyParsed;
import org.parley.policy.file.PolicyReader;

/**
 * The policy in force: the built-in one, or that of a file, which is read at the start and again
 * when it changes. A file that cannot be used later leaves the former policy in force. A decision
 * reads one variable and waits for nothing, so a change holds nobody up.
 */
public final class PolicyFile implements Policy {
  private static final Logger LOG = System.getLogger(PolicyFile.class.getName());

  /**
   * Why the file is not used.
   *
   * @param line for the log
   * @param brief for everybody: without any text of the file
   */
  private record Failure(String line, String brief) {
    static final Failure UNREADABLE =
        new Failure("the file cannot be read", "the file cannot be read");
  }

  private record InForce(Policy policy, int rules, long version) {}

  private final Optional<WatchedFile> file;
  private volatile InForce inForce;
  private volatile Optional<Failure> failure = Optional.empty();
  private byte @Nullable [] used;

  /**
   * Reads the file for the first time.
   *
   * @param source empty: the built-in policy is in force, for good
   * @throws SettingException if there is one and it cannot be used
   */
  PolicyFile(Optional<WatchedFile.Source> source, Policy builtIn) {
    this.file = source.map(WatchedFile::new);
    this.inForce = new InForce(builtIn, 0, 1);
    file.ifPresent(this::readFirst);
    failure.ifPresent(
        reason -> {
          throw new SettingException(
              "%s (%s) cannot be used: %s."
                  .formatted(
                      Settings.POLICY.key(), Settings.POLICY.environmentName(), reason.line));
        });
  }

  private void readFirst(WatchedFile watched) {
    try {
      use(watched.read());
    } catch (IOException _) {
      failure = Optional.of(Failure.UNREADABLE);
    }
  }

  /**
   * Reads the file again if it has changed. One thread calls it.
   *
   * @return whether another policy is in force now
   */
  public boolean poll() {
    return file.isPresent() && poll(file.get());
  }

  private boolean poll(WatchedFile watched) {
    try {
      return watched.poll().filter(this::use).isPresent();
    } catch (IOException _) {
      fail(Failure.UNREADABLE);
      return false;
    }
  }

  private boolean use(byte[] bytes) {
    if (Arrays.equals(bytes, used)) {
      failure = Optional.empty();
      return false;
    }
    return switch (PolicyReader.read(bytes)) {
      case PolicyParsed.Loaded(var rules) -> {
        inForce = new InForce(new RulePolicy(rules), rules.size(), inForce.version + 1);
        used = bytes;
        failure = Optional.empty();
        LOG.log(Level.INFO, "policy file read: " + rules.size() + " rules");
        yield true;
      }
      case PolicyParsed.Failed(var problem) -> {
        fail(new Failure(problem.line(), problem.brief()));
        yield false;
      }
    };
  }

  private void fail(Failure reason) {
    if (used != null && !failure.equals(Optional.of(reason))) {
      LOG.log(Level.WARNING, "policy file not used, the former one stays in force: " + reason.line);
    }
    failure = Optional.of(reason);
  }

  @Override
  public Decision decide(Action action) {
    return inForce.policy.decide(action);
  }

  /** Rises each time that another file comes into force. */
  @Override
  public long version() {
    return inForce.version;
  }

  @Override
  public boolean refusesClientId(Subject subject) {
    return inForce.policy.refusesClientId(subject);
  }

  @Override
  public TopicDecisions topics(Subject subject) {
    return inForce.policy.topics(subject);
  }

  /** Returns whether the built-in policy is in force. */
  public boolean builtIn() {
    return file.isEmpty();
  }

  /** Returns how many rules of the file are in force. */
  public int rules() {
    return inForce.rules;
  }

  /** Returns why the file as it is now is not in force, without any text of it. */
  public Optional<String> problem() {
    return failure.map(Failure::brief);
  }
}
