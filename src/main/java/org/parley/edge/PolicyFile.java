package org.parley.edge;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
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

  private record InForce(Policy policy, int rules, long version) {}

  private final OperatorFile file;
  private volatile InForce inForce;

  /**
   * Reads the file for the first time.
   *
   * @param source empty: the built-in policy is in force, for good
   * @throws SettingException if there is one and it cannot be used
   */
  PolicyFile(Optional<? extends WatchedFile.Source> source, Policy builtIn) {
    this.inForce = new InForce(builtIn, 0, 1);
    this.file =
        new OperatorFile(
            LOG,
            Settings.POLICY,
            "policy file not used, the former one stays in force",
            source,
            this::use);
    file.read();
  }

  /**
   * Reads the file again if it has changed. One thread calls it.
   *
   * @return whether another policy is in force now
   */
  public boolean poll() {
    return file.poll();
  }

  private Optional<OperatorFile.Failure> use(byte[] content) {
    return switch (PolicyReader.read(content)) {
      case PolicyParsed.Loaded(var rules) -> {
        inForce = new InForce(new RulePolicy(rules), rules.size(), inForce.version + 1);
        LOG.log(Level.INFO, "policy file read: " + rules.size() + " rules");
        yield Optional.empty();
      }
      case PolicyParsed.Failed(var problem) ->
          Optional.of(new OperatorFile.Failure(problem.line(), problem.brief()));
    };
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
    return !file.configured();
  }

  /** Returns how many rules of the file are in force. */
  public int rules() {
    return inForce.rules;
  }

  /** Returns why the file as it is now is not in force, without any text of it. */
  public Optional<String> problem() {
    return file.problem();
  }
}
