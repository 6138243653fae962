package org.parley.edge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.parley.identity.authentication.ScramKeys;
import org.parley.identity.authentication.Users;

/**
 * A command that makes a line of the users file: the name is its argument, the password is asked
 * for, or is the first line of the input, so that no list of processes shows it.
 */
public final class UserLine {
  private static final int ITERATIONS = 10_000;
  private static final int SALT_BYTES = 16;

  private UserLine() {}

  /** Runs it. */
  public static void main(String... arguments) throws IOException {
    int status = run(arguments, UserLine::password, System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Where the password comes from. */
  @FunctionalInterface
  interface Password {
    /** Returns the password; empty if there is none. */
    String read() throws IOException;
  }

  static int run(String[] arguments, Password password, PrintStream out, PrintStream err)
      throws IOException {
    if (arguments.length != 1 || !Users.isName(arguments[0])) {
      err.println("usage: UserLine NAME, without colon and control characters");
      return 2;
    }
    var text = password.read();
    if (text.isEmpty()) {
      err.println("no password");
      return 1;
    }
    var salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    var keys = ScramKeys.of(text.getBytes(StandardCharsets.UTF_8), salt, ITERATIONS);
    out.println(arguments[0] + ":" + keys.text());
    return 0;
  }

  @SuppressWarnings("SystemConsoleNull") // it does again from JDK 25 on, without a terminal
  private static String password() throws IOException {
    var console = System.console();
    if (console != null && console.isTerminal()) {
      var typed = console.readPassword("Password: ");
      return typed == null ? "" : new String(typed);
    }
    var line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }
}
