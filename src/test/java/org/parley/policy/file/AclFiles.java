package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** ACL files of mosquitto for tests. */
final class AclFiles {
  private AclFiles() {}

  /** The policy file made of a good one. */
  static String made(String acl) {
    var converted = AclConverter.convert(acl.getBytes(StandardCharsets.UTF_8));
    assertThat(converted).isInstanceOf(AclConverted.Made.class);
    return ((AclConverted.Made) converted).policy();
  }

  /** Why one is refused. */
  static String problem(byte[] acl) {
    var converted = AclConverter.convert(acl);
    assertThat(converted).isInstanceOf(AclConverted.Failed.class);
    return ((AclConverted.Failed) converted).problem().line();
  }

  static String problem(String acl) {
    return problem(acl.getBytes(StandardCharsets.UTF_8));
  }
}
