package org.parley.mqtt.routing;

import java.util.concurrent.ConcurrentNavigableMap;

/** Those who hear one pattern: most often one, who then needs nothing around it. */
sealed interface Members permits Member, MemberArray, Members.Many {

  /** By their Client Identifiers, where a copy for each change would cost too much. */
  record Many(ConcurrentNavigableMap<String, Member> members) implements Members {}
}
