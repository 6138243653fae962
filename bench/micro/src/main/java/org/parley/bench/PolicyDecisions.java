package org.parley.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.parley.identity.PeerPrincipal;
import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.policy.RulePolicy;
import org.parley.policy.Subject;
import org.parley.policy.file.PolicyParsed;
import org.parley.policy.file.PolicyReader;

/**
 * Decisions of a policy of 100 rules for 1,000 subjects, whose certificates have alternative names
 * and extensions, on one thread. Each subject is made anew for each message, as the broker does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@Threads(1)
public class PolicyDecisions {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int RULES = 100;
  private static final int SUBJECTS = 1000;
  private static final int MESSAGES = 4096;

  private final List<PeerPrincipal> peers = new ArrayList<>();
  private final List<String> targets = new ArrayList<>();
  private RulePolicy policy;
  private RulePolicy keepsNoMessages;
  private RulePolicy keepsNothing;
  private int next;
  private int begunAt;
  private long begunCpu;

  /** Makes the policy: teams by name, role, network and alternative name, each to its own. */
  @Setup
  public void prepare() throws Exception {
    var file = new StringBuilder("version: 1\nrules:\n");
    for (int i = 0; i < RULES - 2; i++) {
      var who =
          switch (i % 5) {
            case 0 -> "common_name: 'web" + i + "*.example.com'";
            case 1 -> "extension: {pp_role: role" + i + "}";
            case 2 -> "network: 10." + i + ".0.0/16";
            case 3 -> "san: {dns: '*.team" + i + ".example.com'}";
            default -> "client_type: agent";
          };
      file.append("- {name: rule").append(i).append(", effect: allow, action: send, who: {");
      file.append(who).append("}, target: 'pcp://*.team").append(i);
      file.append(".example.com/agent', message_type: ['example/*_request', 'example/*_event']}\n");
    }
    file.append("- {name: others, effect: deny, action: send, message_type: 'example/secret*'}\n");
    file.append("- {name: rest, effect: allow, action: [associate, send]}\n");
    var parsed = PolicyReader.read(file.toString().getBytes(StandardCharsets.UTF_8));
    var rules = ((PolicyParsed.Loaded) parsed).rules();
    policy = new RulePolicy(rules);
    keepsNoMessages = new RulePolicy(rules, new RulePolicy.Bounds(20_000, 0, 0));
    keepsNothing = new RulePolicy(rules, new RulePolicy.Bounds(0, 0, 0));
    for (int i = 0; i < SUBJECTS; i++) {
      peers.add(peer(i));
    }
    for (int i = 0; i < MESSAGES; i++) {
      targets.add("pcp://host" + i + ".team" + i % 120 + ".example.com/agent");
    }
  }

  private static PeerPrincipal peer(int i) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    var keys = generator.generateKeyPair();
    var name = "web" + i + ".team" + i % 120 + ".example.com";
    var issuer = new X500Name("CN=Bench CA");
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(i + 1),
            Date.from(now),
            Date.from(now.plus(Duration.ofDays(1))),
            new X500Name("CN=" + name),
            keys.getPublic());
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
    builder.addExtension(
        new ASN1ObjectIdentifier("1.3.6.1.4.1.34380.1.1.13"),
        false,
        new DERUTF8String("role" + i % 120));
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    return new PeerPrincipal(
        name,
        Integer.toString(i),
        "fingerprint" + i,
        certificate.getNotAfter().toInstant(),
        "CN=Bench CA",
        certificate);
  }

  /** A shared machine gives the clock's seconds to others: CPU seconds are what one core does. */
  @Setup(Level.Iteration)
  public void begin() {
    begunAt = next;
    begunCpu = THREADS.getCurrentThreadCpuTime();
  }

  @TearDown(Level.Iteration)
  public void end() {
    double seconds = (THREADS.getCurrentThreadCpuTime() - begunCpu) / 1e9;
    System.out.printf("%,.0f decisions a CPU second; ", (next - begunAt) / seconds);
  }

  private Action action(int targetsUsed) {
    int i = next++ & 0xFFFFFF;
    var peer = peers.get(i % SUBJECTS);
    var subject =
        Subject.pcp(
            peer, "pcp-v2", "agent", "10." + i % SUBJECTS % 200 + ".0." + i % SUBJECTS % 250);
    return new Action.Send(subject, targets.get(i * 7 % targetsUsed), "example/run_request");
  }

  /** 1,000 pairs of sender and target, again and again: every decision is kept. */
  @Benchmark
  public Decision kept() {
    return policy.decide(action(SUBJECTS));
  }

  /** 512,000 pairs: more than are kept, so many decisions are worked out anew. */
  @Benchmark
  public Decision mixed() {
    return policy.decide(action(MESSAGES));
  }

  /** The subject's rules are kept, no decision on a message is. */
  @Benchmark
  public Decision messagesMissed() {
    return keepsNoMessages.decide(action(MESSAGES));
  }

  /** Nothing is kept: the certificate is read and every rule looked at, each time. */
  @Benchmark
  public Decision everythingMissed() {
    return keepsNothing.decide(action(MESSAGES));
  }
}
