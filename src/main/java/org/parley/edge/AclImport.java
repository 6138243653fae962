package org.parley.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.parley.policy.file.AclConverted;
import org.parley.policy.file.AclConverter;
import org.parley.policy.file.PolicyReader;

/**
 * A command that makes a policy file of an ACL file of mosquitto: from its input to its output, all
 * of it or nothing.
 */
public final class AclImport {
  private static final int UNWRITTEN = 1;
  private static final int UNUSABLE = 2;

  private AclImport() {}

  /** Runs it. */
  public static void main(String... arguments) {
    int status = run(arguments, System.in, System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(String[] arguments, InputStream in, PrintStream out, PrintStream err) {
    if (arguments.length != 0) {
      err.println("usage: AclImport < mosquitto.acl > policy.yaml");
      return UNUSABLE;
    }
    byte[] bytes;
    try {
      bytes = in.readNBytes(PolicyReader.MAX_BYTES + 1);
    } catch (IOException _) {
      err.println("the input cannot be read");
      return UNUSABLE;
    }
    return switch (AclConverter.convert(bytes)) {
      case AclConverted.Made(var policy) -> print(policy, out, err);
      case AclConverted.Failed(var problem) -> {
        err.println(problem.line());
        yield UNUSABLE;
      }
    };
  }

  private static int print(String policy, PrintStream out, PrintStream err) {
    out.writeBytes(policy.getBytes(StandardCharsets.UTF_8));
    if (out.checkError()) {
      err.println("the policy could not be written");
      return UNWRITTEN;
    }
    return 0;
  }
}
